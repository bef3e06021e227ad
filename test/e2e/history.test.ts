import { expect, test } from 'vitest'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

interface Reading {
  readonly items: readonly { readonly at: number; readonly max: number }[]
}

test('what was measured is asked over the API, outlives a killed controller, and is there when nothing runs', async () => {
  await using tidegate = new Tidegate(fixture())
  const rps = async (): Promise<Reading['items']> => {
    const args = ['history', 'api', 'rps', '--step', '1s', '--json', '--config', tidegate.file]
    const { code, stdout } = await tidegate.cli(...args)
    // While a controller is starting, neither it answers nor may anybody else open the file.
    return code === 0 ? (JSON.parse(stdout) as Reading).items : []
  }
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  await tidegate.until('some load in the history', async () => (await rps()).some(({ max }) => max > 10))
  const before = await rps()

  const old = tidegate.controller!
  process.kill(old.pid, 'SIGKILL')
  await tidegate.successor('controller', old)
  await tidegate.until('new points', async () => ((await rps()).at(-1)?.at ?? 0) > before.at(-1)!.at + 1_000)
  expect((await rps()).slice(0, before.length - 1)).toEqual(before.slice(0, -1))
  await load.stop()

  await tidegate.cli('down', '--config', tidegate.file)
  expect(tidegate.controller).toBe(null)
  expect((await rps()).slice(0, before.length - 1)).toEqual(before.slice(0, -1))
})
