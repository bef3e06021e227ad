import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Load } from '../kit/load.ts'
import { SshMachine, whyNoSshd } from '../kit/sshd.ts'
import { EXAMPLE_SERVER, EXAMPLES, Tidegate } from '../kit/tidegate.ts'

const PLACES = 3
const unable = whyNoSshd()
const reason = unable === null ? '' : ` (${unable})`

let folder: string
let machines: readonly SshMachine[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-ssh-'))
  machines = [new SshMachine('one', folder), new SshMachine('two', folder)]
})
afterEach(async () => {
  for (const machine of machines) {
    await machine.stop()
    machine.killServers()
  }
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(unable !== null)(
  `servers over ssh fill two machines, and a machine that is away changes nothing${reason}`,
  async () => {
    const configs = await Promise.all(machines.map((machine) => machine.make()))
    writeFileSync(join(folder, 'ssh_config'), configs.join('\n'))
    const ports = await Promise.all(machines.map((_machine, index) => freePorts(index)))
    const hosts = machines.map(({ name }, index) => `${name} 127.0.0.1 ${ports[index]} ${PLACES}`)
    writeFileSync(join(folder, 'hosts'), `# machines\n${hosts.join('\n')}\n`)
    await Promise.all(machines.map((machine) => machine.start()))
    await using tidegate = new Tidegate(example())
    tidegate.start()

    // One each, for each has as many free places as the other.
    expect(machinesOf(await tidegate.serving(2))).toEqual(['one', 'two'])
    const load = new Load(await tidegate.url(), 40)
    await tidegate.until('both servers to answer', () => load.report().byServer.size === 2)

    // More than there are places: it takes what there is, and says why.
    expect((await tidegate.cli('scale', 'api', '8', '--config', tidegate.file)).code).toBe(0)
    await tidegate.serving(2 * PLACES)
    await tidegate.until('the reason', async () => {
      const { stdout } = await tidegate.cli('events', '--config', tidegate.file)
      return stdout.includes('every place on every machine is taken')
    })

    await machines[1]!.stop()
    const blind = await tidegate.until('the fleet to be blind', async () => {
      const fleet = await tidegate.fleet()
      return fleet?.blind ? fleet : null
    })
    expect(blind.blind).toContain('no answer from two')
    expect(blind.ready).toBe(2 * PLACES)
    await machines[1]!.start()
    await tidegate.until('the fleet to see again', async () => (await tidegate.fleet())?.blind === null)
    expect((await tidegate.fleet())?.ready).toBe(2 * PLACES)

    expect((await tidegate.cli('scale', 'api', '2', '--config', tidegate.file)).code).toBe(0)
    await tidegate.serving(2)
    expect((await load.stop()).failed).toEqual([])
    expect((await tidegate.cli('down', '--config', tidegate.file)).code).toBe(0)
    for (const { home } of machines)
      expect(readdirSync(join(home, '.tidegate', `${tidegate.installation}.api`))).toEqual([])
  },
)

/** The example's file with the machines of the test. */
function example(): string {
  const own = join(EXAMPLES, 'exec-ssh')
  const { name: _name, state: _state, ...rest } = parse(readFileSync(join(own, 'tidegate.yaml'), 'utf8'))
  rest.listeners.web.bind = '127.0.0.1:0'
  Object.assign(rest.fleets.api, {
    cwd: own,
    launch: ['./servers.sh', 'launch', 'node', EXAMPLE_SERVER],
    env: { HOSTS: join(folder, 'hosts'), SSH_OPTIONS: `-F ${join(folder, 'ssh_config')}` },
    fresh: '1s',
    guards: { patience: { in: '1s' }, cooldown: { in: '0s' } },
  })
  return Object.entries(rest)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n')
}

function machinesOf({
  servers,
}: {
  readonly servers: readonly { readonly detail: string | null }[]
}): string[] {
  return servers.map(({ detail }) => detail?.replace('on ', '') ?? '').sort()
}

/** The first of as many free ports in a row as a machine has places; each machine from a range of its own. */
async function freePorts(index: number): Promise<number> {
  for (let first = 12_000 + index * 3_000 + (process.pid % 1_000); ; first += PLACES) {
    const free = await Promise.all(Array.from({ length: PLACES }, (_, step) => isFree(first + step)))
    if (free.every(Boolean)) return first
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}
