import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Tidegate } from '../kit/tidegate.ts'

test('a secret of the commands of a fleet is another for them soon after its file is', async () => {
  await using tidegate = new Tidegate(`
listeners:
  web: { bind: "127.0.0.1:0", protocol: http, pool: api }
pools:
  api: { fleet: api }
fleets:
  api:
    driver: exec
    list: [sh, -c, 'printf %s "$KEY" >$TIDEGATE_FOLDER/key; echo "{\\"servers\\":[]}"']
    launch: [sh, -c, exit 1]
    retire: ["true"]
    env: { KEY: "\${file:key}" }
    min: 0
    max: 1
`)
  writeFileSync(join(tidegate.folder, 'key'), 'first-key')
  tidegate.start()
  const seen = (key: string) =>
    tidegate.until(`the list to be asked with ${key}`, async () => {
      try {
        return readFileSync(join(tidegate.stateDir, 'exec/api/key'), 'utf8') === key || null
      } catch {
        return null
      }
    })
  await seen('first-key')
  writeFileSync(join(tidegate.folder, 'key'), 'second-key')
  expect(await seen('second-key')).toBe(true)
})
