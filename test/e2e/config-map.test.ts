import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('a folder that is swapped for another, as a ConfigMap is, brings the secrets of later launches', async () => {
  const yaml = fixture().replace(
    '    min: 2',
    `    cwd: /\n    env: { DB_PASSWORD: "\${file:password}" }\n    min: 2`,
  )
  await using tidegate = new Tidegate(yaml)
  const text = readFileSync(tidegate.file, 'utf8').replace('./state', tidegate.stateDir)
  const lay = (name: string): void => {
    mkdirSync(join(tidegate.folder, name))
    writeFileSync(join(tidegate.folder, name, 'tidegate.yaml'), text)
    writeFileSync(join(tidegate.folder, name, 'password'), 'secret of both')
    symlinkSync(name, join(tidegate.folder, 'next'))
    renameSync(join(tidegate.folder, 'next'), join(tidegate.folder, 'data'))
  }
  lay('one')
  rmSync(tidegate.file)
  symlinkSync('data/tidegate.yaml', tidegate.file)
  tidegate.start()
  await tidegate.serving(2)
  lay('two')
  rmSync(join(tidegate.folder, 'one'), { recursive: true })
  await tidegate.cli('scale', 'api', '3', '--config', tidegate.file)
  await tidegate.serving(3)
  const environments = tidegate.serverPids().map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
  expect(environments.filter((one) => one.includes('DB_PASSWORD=secret of both'))).toHaveLength(3)
})
