#!/usr/bin/env node
/** The three commands of the exec driver (docs/guides/exec.md), for servers in network namespaces of this machine: each has an address
 *  and a network of its own, on a bridge that comes with the first and goes with the last. Needs root, iproute2 and flock.
 *
 *  The namespaces are the only record: the name of each holds all that there is to know of its server, so that it is written
 *  down in the very call that makes it, and no crash can part the two. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

interface Place {
  readonly token: string
  readonly revision: string
  readonly index: number
  /** The last number of its address. */
  readonly octet: number
}

const need = (name: string): string => process.env[name] ?? end(`${name} is not set`)
const COMMAND = need('TIDEGATE_COMMAND')
const PREFIX = `${need('TIDEGATE_INSTALLATION')}.${need('TIDEGATE_FLEET')}.`
const FOLDER = need('TIDEGATE_FOLDER')
/** At most 11 characters: the interfaces of its servers are called `${BRIDGE}-77`. */
const BRIDGE = process.env.BRIDGE ?? 'tide0'
/** A /24 that this machine does not use otherwise. */
const SUBNET = process.env.SUBNET ?? '10.213.77'
const PORT = '8080'
const STOP_MS = 10_000

// One launch or retirement at a time, also when a controller was killed and its command still runs. `-o`: servers do not inherit the lock.
if (COMMAND !== 'list' && process.env.LOCKED !== FOLDER) {
  const args = ['-o', join(FOLDER, 'lock'), process.execPath, ...process.argv.slice(1)]
  const { status } = spawnSync('flock', args, { stdio: 'inherit', env: { ...process.env, LOCKED: FOLDER } })
  process.exit(status ?? 75)
}
const request = JSON.parse(readFileSync(0, 'utf8'))
if (COMMAND === 'list') console.log(JSON.stringify({ servers: places().map(describe) }))
else if (COMMAND === 'launch') await launch()
else if (COMMAND === 'retire') await retire()
else end(`there is no command ${COMMAND}`)

function describe(place: Place) {
  const { token, revision } = place
  const ended = existsSync(logOf(place)) && pidsIn(place).length === 0
  return {
    id: idOf(place),
    token,
    revision,
    address: `${addressOf(place)}:${PORT}`,
    ...(ended
      ? { phase: 'failed', detail: `it has ended; ${logOf(place)} may say why` }
      : { phase: existsSync(logOf(place)) ? 'running' : 'launching' }),
  }
}

/** What is there already is not made again; what cannot be made ends it, and what was made is still said. */
async function launch(): Promise<void> {
  const ids: string[] = []
  try {
    makeBridge()
    for (let index = 0; index < request.count; index++) {
      const there = places().find((one) => one.token === request.token && one.index === index)
      ids.push(idOf(there ?? (await make(index))))
    }
  } catch (error) {
    process.exitCode = 1
    console.error(error instanceof Error ? error.message.trim() : error)
  }
  console.log(JSON.stringify({ ids }))
}

async function make(index: number): Promise<Place> {
  const taken = new Set(places().map(({ octet }) => octet))
  const octet = Array.from({ length: 253 }, (_, at) => at + 2).find((one) => !taken.has(one))
  if (octet === undefined) throw new Error(`no free address in ${SUBNET}.0/24`)
  const place = { token: request.token, revision: request.revision, index, octet }
  try {
    ip('netns', 'add', nameOf(place))
    ip('link', 'add', linkOf(place), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', nameOf(place))
    ip('link', 'set', linkOf(place), 'master', BRIDGE, 'up')
    ip('-n', nameOf(place), 'addr', 'add', `${addressOf(place)}/24`, 'dev', 'eth0')
    ip('-n', nameOf(place), 'link', 'set', 'eth0', 'up')
    ip('-n', nameOf(place), 'link', 'set', 'lo', 'up')
    await start(place)
    return place
  } catch (error) {
    remove(place)
    throw error
  }
}

/** Its log has its name only once the process is in the namespace: until then it counts as launching, not as ended. */
async function start(place: Place): Promise<void> {
  const early = `${logOf(place)}.early`
  const log = openSync(early, 'a', 0o600)
  const env = { ...process.env, SERVER_HOST: addressOf(place), PORT, TIDEGATE_SERVER_ID: idOf(place) }
  const words = ['netns', 'exec', nameOf(place), ...request.template.command]
  const child = spawn('ip', words, { detached: true, stdio: ['ignore', log, log], env })
  while (child.exitCode === null && child.signalCode === null && pidsIn(place).length === 0) await sleep(10)
  child.unref()
  renameSync(early, logOf(place))
}

async function retire(): Promise<void> {
  const leaving = places().filter((place) => request.ids.includes(idOf(place)))
  for (const place of leaving) signal(place, 'SIGTERM')
  const deadline = Date.now() + STOP_MS
  while (leaving.some((place) => pidsIn(place).length > 0) && Date.now() < deadline) await sleep(20)
  for (const place of leaving) {
    signal(place, 'SIGKILL')
    remove(place)
  }
  if (places().length === 0 && hasLink(BRIDGE)) ip('link', 'del', BRIDGE)
}

/** The link by itself: the kernel takes it away later than the namespace, and its name is to be used again. */
function remove(place: Place): void {
  if (hasLink(linkOf(place))) ip('link', 'del', linkOf(place))
  if (places().some((one) => nameOf(one) === nameOf(place))) ip('netns', 'del', nameOf(place))
  rmSync(logOf(place), { force: true })
}

function makeBridge(): void {
  if (!hasLink(BRIDGE)) ip('link', 'add', BRIDGE, 'type', 'bridge')
  ip('addr', 'replace', `${SUBNET}.1/24`, 'dev', BRIDGE)
  ip('link', 'set', BRIDGE, 'up')
}

function places(): readonly Place[] {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : []
  return names
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => {
      const [token = '', revision = '', index, octet] = name.split('~')
      return { token, revision, index: Number(index), octet: Number(octet) }
    })
}

function nameOf({ token, revision, index, octet }: Place): string {
  return [token, revision, index, octet].join('~')
}

/** The same token and index always give the same id. */
function idOf({ token, index }: Place): string {
  return `${need('TIDEGATE_FLEET')}-${Number(token.slice(PREFIX.length)).toString(36)}-${index}`
}

function addressOf({ octet }: Place): string {
  return `${SUBNET}.${octet}`
}

function linkOf({ octet }: Place): string {
  return `${BRIDGE}-${octet}`
}

function logOf(place: Place): string {
  return join(FOLDER, `${idOf(place)}.log`)
}

function pidsIn(place: Place): readonly number[] {
  const text = ip('netns', 'pids', nameOf(place))
  return text.split('\n').filter(Boolean).map(Number)
}

function signal(place: Place, name: 'SIGTERM' | 'SIGKILL'): void {
  for (const pid of pidsIn(place)) {
    try {
      process.kill(pid, name)
    } catch {
      // It has ended meanwhile.
    }
  }
}

function hasLink(name: string): boolean {
  return existsSync(`/sys/class/net/${name}`)
}

function ip(...words: readonly string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function end(why: string): never {
  console.error(why)
  process.exit(64)
}
