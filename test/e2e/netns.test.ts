import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { Load } from '../kit/load.ts'
import { EXAMPLES, Tidegate } from '../kit/tidegate.ts'

const FOLDER = join(EXAMPLES, 'exec-netns')
/** Not the example's own, and hardly anybody's: the test must not meet what else runs on this machine. */
const NUMBER = 100 + (process.pid % 100)
const BRIDGE = `tt${process.pid}`
const SUBNET = `10.214.${NUMBER}`

const unable = whyNot()
const reason = unable === null ? '' : ` (${unable})`

test.skipIf(unable !== null)(`servers in network namespaces come and go with the load${reason}`, async () => {
  await using tidegate = new Tidegate(example())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  await tidegate.until('both servers to answer', () => load.report().byServer.size === 2)
  const addresses = (await tidegate.fleet())!.servers.map(({ address }) => address)
  expect(addresses.sort()).toEqual([`${SUBNET}.2:8080`, `${SUBNET}.3:8080`])

  load.rps = 320
  const grown = await tidegate.until('more servers to serve', async () => {
    const fleet = await tidegate.fleet()
    return fleet && fleet.ready >= 4 ? fleet : null
  })
  await tidegate.until('every server to answer', () => load.report().byServer.size >= grown.ready)

  load.rps = 40
  await tidegate.serving(2)
  const report = await load.stop()
  expect(report.failed).toEqual([])

  // One ends by itself: its namespace is there still, until it is retired and its place refilled.
  const [victim = ''] = namespaces(tidegate.installation)
  const pids = spawnSync('ip', ['netns', 'pids', victim], { encoding: 'utf8' }).stdout.trim()
  for (const pid of pids.split('\n')) process.kill(Number(pid), 'SIGKILL')
  await tidegate.until('its namespace to go', () => !namespaces(tidegate.installation).includes(victim))
  await tidegate.serving(2)

  expect((await tidegate.cli('down', '--config', tidegate.file)).code).toBe(0)
  expect(namespaces(tidegate.installation)).toEqual([])
  expect(existsSync(`/sys/class/net/${BRIDGE}`)).toBe(false)
  expect(tidegate.serverPids()).toEqual([])
})

/** The example's file on a free port, with a network of the test's own and less patience. */
function example(): string {
  const file = parse(readFileSync(join(FOLDER, 'tidegate.yaml'), 'utf8'))
  const { name: _name, state: _state, ...rest } = file
  rest.listeners.web.bind = '127.0.0.1:0'
  Object.assign(rest.fleets.api, {
    cwd: FOLDER,
    env: { BRIDGE, SUBNET },
    guards: { patience: { in: '3s' }, cooldown: { in: '1s' } },
  })
  return Object.entries(rest)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n')
}

function namespaces(installation: string): string[] {
  const all = existsSync('/run/netns') ? readdirSync('/run/netns') : []
  return all.filter((name) => name.startsWith(`${installation}.`))
}

/** null where namespaces can be made. */
function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  const probe = `${BRIDGE}-probe`
  const made = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' })
  if (made.error) return 'needs iproute2'
  if (made.status !== 0) return `no network namespace can be made: ${made.stderr.trim()}`
  spawnSync('ip', ['netns', 'del', probe])
  return null
}
