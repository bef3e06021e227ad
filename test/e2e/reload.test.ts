import { expect, test } from 'vitest'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

const OTHER_POOL = `
  other:
    health: { type: http, path: /health, interval: 1s, timeout: 500ms }
    servers: [ { address: "127.0.0.1:9" } ]
    fleet: api`

test('a pool that a fleet feeds no longer loses its servers, and the others keep theirs', async () => {
  const both = fixture().replace('\nfleets:', `${OTHER_POOL}\nfleets:`)
  await using tidegate = new Tidegate(both)
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  tidegate.write(both.replace('127.0.0.1:9" } ]\n    fleet: api', '127.0.0.1:9" } ]'))
  const reloaded = await tidegate.cli('reload', '--config', tidegate.file)
  expect(reloaded).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('advised range; `tidegate validate'),
  })
  const other = await tidegate.until('the pool to be left', async () => {
    const pool = await tidegate.pool('other')
    return pool?.members.length === 1 ? pool : null
  })
  expect(other.members[0]!.id).toBe('127.0.0.1:9')
  expect((await tidegate.serving(2)).servers).toHaveLength(2)
  expect((await load.stop()).failed).toEqual([])
})
