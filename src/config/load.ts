import { readFileSync } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import {
  type BalancerSpec,
  GATEWAY,
  isHttp,
  type ListenerSpec,
  parseAddress,
  transportOf,
} from '../core/balancer.ts'
import { messageOf } from '../core/fault.ts'
import { hash64 } from '../core/hash.ts'
import type { Problem, Settings } from '../core/settings.ts'
import type { Millis } from '../core/time.ts'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from '../drivers/index.ts'
import type { BalancerDrivers } from './balancers.ts'
import type { BoundAt } from './binds.ts'
import { checkBinds, isLoopback } from './binds.ts'
import { readDocument } from './document.ts'
import type { Drivers } from './fleets.ts'
import type { MetricDrivers } from './metrics.ts'
import { parsePart } from './parse.ts'
import { type PartsContext, type Root, readParts } from './parts.ts'
import type { Report } from './report.ts'
import { makeReport } from './report.ts'
import { MAX_WORKERS, ROOT } from './schema.ts'
import type { SecretSources } from './secrets.ts'
import { checkStanding } from './standing.ts'
import { DEFAULT_STATE, stateIn } from './state-dir.ts'

export type Loaded =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Problem[] }
  | {
      readonly ok: false
      readonly problems: readonly Problem[]
      /** Absolute; as far as it can be told from what is there. */
      readonly stateDir: string
    }

/** Everything that the meaning of a file depends on, beside its text. */
export interface Surroundings {
  /** The path as the user gave it, for messages. */
  readonly file: string
  /** Absolute and without symbolic links: names the installation, and relative paths start beside it. */
  readonly realFile: string
  readonly env: SecretSources['env']
  /** The text of a `${file:PATH}`, by its absolute path; throws when it cannot be read. */
  readonly readSecret: (path: string) => string
  /** True = the text is somebody else's: its placeholders stay as they stand, and no file that it names is read. */
  readonly isForeign?: true
  /** What is over by now is warned of. */
  readonly now: Millis
  /** What `workers: auto` comes to. */
  readonly cores: number
  readonly drivers: Drivers
  readonly metricDrivers: MetricDrivers
  readonly balancerDrivers: BalancerDrivers
}

const MAX_FILE_BYTES = 1024 * 1024
const MAX_SECRET_BYTES = 64 * 1024
const TICK_MS = 1000

/** Reads the file and whatever it refers to. Never throws: a file that cannot be read is a problem too. `files` are all that were read,
 *  or should have been: when one of them changes, so may the settings. */
export async function loadSettings(
  file: string,
  env: Surroundings['env'],
  now: Millis,
): Promise<Loaded & { readonly files: readonly string[] }> {
  const files = [resolve(file)]
  const fail = (message: string) => ({
    ok: false as const,
    problems: [{ file, line: 1, column: 1, path: '', message, level: 'error' as const }],
    stateDir: resolve(dirname(file), DEFAULT_STATE),
    files,
  })
  let realFile: string
  let text: string | null
  try {
    realFile = await realpath(file)
    text = await readText(realFile)
  } catch (error) {
    return fail(`cannot be read: ${messageOf(error)}`)
  }
  if (text === null) return fail('larger than 1 MiB; expected a configuration file')
  const readSecret = (path: string): string => {
    files.push(path)
    return readSecretFile(path)
  }
  return { ...parseSettings(text, { ...surroundings(file, realFile, { env, now }), readSecret }), files }
}

/** What `loadSettings` would say of a file of this text. */
export function checkSettings(text: string, file: string, about: Pick<Surroundings, 'env' | 'now'>): Loaded {
  return parseSettings(text, surroundings(file, resolve(file), about))
}

/** What a text means that came from elsewhere, and may ask for nothing here: neither the environment nor a file. Where a key
 *  needs more than text, a placeholder is a problem. */
export function checkForeign(text: string, file: string, now: Millis): Loaded {
  const about = surroundings(file, resolve(file), { env: {}, now })
  return parseSettings(text, { ...about, isForeign: true })
}

function surroundings(
  file: string,
  realFile: string,
  { env, now }: Pick<Surroundings, 'env' | 'now'>,
): Surroundings {
  return {
    file,
    realFile,
    env,
    readSecret: readSecretFile,
    cores: availableParallelism(),
    now,
    drivers: DRIVERS,
    metricDrivers: METRIC_DRIVERS,
    balancerDrivers: BALANCER_DRIVERS,
  }
}

/** Where the placeholders of a configuration file find their values. */
export function secretSources(realFile: string, env: Surroundings['env']): SecretSources {
  return { env, readFile: (path) => readSecretFile(resolve(dirname(realFile), path)) }
}

/** null when it is too large. */
async function readText(file: string): Promise<string | null> {
  const handle = await open(file)
  try {
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return bytesRead > MAX_FILE_BYTES ? null : buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function readSecretFile(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (text.length > MAX_SECRET_BYTES) throw new Error('too large for a secret')
  return text
}

/** The settings that a text stands for, or everything that is wrong with it. Pure but for `readSecret`. */
export function parseSettings(text: string, about: Surroundings): Loaded {
  const baseDir = dirname(about.realFile)
  const sources = { env: about.env, readFile: (path: string) => about.readSecret(resolve(baseDir, path)) }
  const document = readDocument(text, about.isForeign ? null : sources)
  const report = makeReport(document, about.file, text)
  const settings = document.readable ? readSettings(document.value, about, report) : null
  const problems = report.problems()
  if (settings && problems.every(({ level }) => level === 'warning')) {
    return { ok: true, settings, warnings: problems }
  }
  return { ok: false, problems, stateDir: resolve(baseDir, stateIn(document.value, text)) }
}

function readSettings(value: unknown, about: Surroundings, report: Report): Settings | null {
  // An empty file is a mapping without keys: what it lacks is said below.
  const raw = value ?? {}
  const root = parsePart(ROOT, raw, [], report)
  if (!root) return null
  const { listeners, pools, balancers, sources, fleets } = readParts(root, partsContext(about), report)
  checkAddresses(root.admin, listeners, report)
  checkStanding({ fleets, balancers, pools }, about, report)
  const baseDir = dirname(about.realFile)
  return {
    file: about.realFile,
    installation: root.name ?? hash64(about.realFile).slice(0, 8),
    stateDir: resolve(baseDir, root.state),
    admin: adminOf(root.admin, baseDir),
    gateway: { workers: workersOf(root.gateway.workers, about.cores) },
    history: { maxBytes: root.history.size },
    logs: { maxBytes: root.logs.size, keep: root.logs.keep },
    balancer: {
      name: GATEWAY,
      listeners: root.https === 'only' ? httpsOnly(listeners, report) : listeners,
      pools,
      panicRatio: root.gateway.panic,
      accessLog: accessLogOf(root.gateway, baseDir),
      bandwidthBps: root.gateway.bandwidth ?? null,
      ...resolversOf(root.gateway.resolvers, report),
      ...(root.gateway.traces === 'make' && { makesTraces: true as const }),
    },
    balancers,
    sources,
    fleets,
    reload: root.reload,
    tickMs: TICK_MS,
  }
}

function partsContext(about: Surroundings): PartsContext {
  const { now, drivers, metricDrivers, balancerDrivers } = about
  const readFile = about.isForeign ? null : about.readSecret
  const files = { baseDir: dirname(about.realFile), now, readFile }
  return { files, now, drivers, metricDrivers, balancerDrivers }
}

function resolversOf(
  written: string | readonly string[] | undefined,
  report: Report,
): Pick<BalancerSpec, 'resolvers'> {
  if (written === undefined) return {}
  const resolvers = typeof written === 'string' ? [written] : written
  resolvers.forEach((resolver, index) => {
    const host = isIP(resolver) === 0 ? (parseAddress(resolver)?.host ?? '') : resolver
    if (isIP(host) !== 0) return
    const at = ['gateway', 'resolvers', ...(typeof written === 'string' ? [] : [index])]
    report.error(at, `expected an address such as 10.0.0.2 or 10.0.0.2:53, got ${resolver}`)
  })
  return { resolvers }
}

/** `https: only`: what comes in plain is sent to the port of the first https listener. */
function httpsOnly(listeners: readonly ListenerSpec[], report: Report): readonly ListenerSpec[] {
  const secure = listeners.find(({ protocol }) => protocol === 'https')
  if (!secure)
    report.error(
      ['https'],
      'there is no https listener; expected one, such as web: { bind: ":443", protocol: https, ... }',
    )
  const httpsPort = secure?.bind.port ?? 443
  return listeners.map((listener) => (isHttp(listener.protocol) ? { ...listener, httpsPort } : listener))
}

function adminOf({ bind, tokens, hosts = [] }: Root['admin'], baseDir: string): Settings['admin'] {
  const names = typeof hosts === 'string' ? [hosts] : hosts
  return {
    bind,
    tokens: tokens === 'none' ? null : resolve(baseDir, tokens),
    hosts: names.map((name) => name.toLowerCase()),
  }
}

function accessLogOf(gateway: Root['gateway'], baseDir: string): BalancerSpec['accessLog'] {
  const path = gateway['access-log']
  return path === 'none' ? null : { path: resolve(baseDir, path), format: gateway['access-log-format'] }
}

function workersOf(workers: number | 'auto', cores: number): number {
  return workers === 'auto' ? Math.min(Math.max(cores, 1), MAX_WORKERS) : workers
}

function checkAddresses(
  { bind: admin, tokens }: Root['admin'],
  listeners: readonly ListenerSpec[],
  report: Report,
): void {
  const at = ['admin', 'bind']
  if (!isLoopback(admin) && tokens === 'none') {
    report.error(
      at,
      'others can reach this address, so it needs admin.tokens; without tokens, expected 127.0.0.1:9900 or [::1]:9900',
    )
  }
  if (!isLoopback(admin) && tokens !== 'none') {
    report.warn(
      at,
      'others can reach this address, and tokens travel to it unencrypted; put TLS in front of it, or use a private network',
    )
  }
  const binds: readonly BoundAt[] = [
    { bind: admin, transport: 'tcp', who: 'admin', path: at },
    ...listeners.map(({ name, bind, protocol }) => ({
      bind,
      transport: transportOf(protocol),
      who: `listener ${name}`,
      path: ['listeners', name, 'bind'],
    })),
  ]
  checkBinds(binds, report)
}
