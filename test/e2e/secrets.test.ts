import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

const SECRET = 'correct-horse-battery-staple'

test('servers get a secret that is stored nowhere and shown to nobody', async () => {
  const yaml = fixture().replace('    min: 2', `    env: { DB_PASSWORD: "\${file:password}" }\n    min: 2`)
  await using tidegate = new Tidegate(yaml)
  writeFileSync(join(tidegate.folder, 'password'), `${SECRET}\n`)
  tidegate.start()
  await tidegate.serving(2)
  const environments = tidegate
    .serverPids()
    .map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'))
  for (const environment of environments) expect(environment).toContain(`DB_PASSWORD=${SECRET}`)

  const plan = await tidegate.cli('scale', 'api', '3', '--config', tidegate.file)
  await tidegate.serving(3)
  const decisions = await tidegate.cli('explain', '--json', '--config', tidegate.file)
  expect(plan.stdout + decisions.stdout).not.toContain(SECRET)
  const files = readdirSync(tidegate.stateDir, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  )
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['store.db', 'fleets.json']))
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name), 'latin1'), name).not.toContain(SECRET)
})
