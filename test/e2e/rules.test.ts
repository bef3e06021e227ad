import { expect, test } from 'vitest'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('a rule on arrivals and on what is left of the line starts a server', async () => {
  const rule = 'rps > 20 and bandwidth-free < 500Mbps'
  const yaml = fixture({ min: 1 })
    .replace('workers: 2 }', 'workers: 2, bandwidth: 500Mbps }')
    .replace(/- \{ type: target.*\}/, `- { type: step, when: "${rule}", for: 2s, add: 1 }`)
  await using tidegate = new Tidegate(yaml)
  tidegate.start()
  await tidegate.serving(1)
  const load = new Load(await tidegate.url(), 60)
  await tidegate.serving(2)
  expect((await load.stop()).failed).toEqual([])
  const { stdout } = await tidegate.cli('events', '--config', tidegate.file)
  expect(stdout).toMatch(/api 1 -> 2: .*rps > 20 and bandwidth-free < 500Mbps/)
})
