import { type ChildProcess, spawn } from 'node:child_process'
import { findPackageJSON } from 'node:module'
import { dirname, extname, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = dirname(findPackageJSON(import.meta.url)!)
export const BIN = resolve(ROOT, 'bin/tidegate.js')
const EVERY_LINES = 2

export interface Tide {
  /** The configuration; its fleet is named `api`. */
  readonly file: string
  readonly env?: Readonly<Record<string, string>>
  /** Where the gateway takes traffic. */
  readonly url: string
  /** The admin API's address. */
  readonly admin: string
  /** Requests a second at the bottom and at the top. */
  readonly low: number
  readonly high: number
  readonly periodS: number
  /** What else a line ends with. */
  readonly besides?: () => Promise<string>
}

interface WaveLine {
  readonly target: number
  readonly sent: number
  readonly ok: number
  readonly failed: number
  readonly p95Ms: number | null
}
interface FleetAnswer {
  readonly desired: number
  readonly servers: readonly { readonly state: string }[]
}

/** Runs Tidegate under a load wave, and tells what happens, line by line. SIGINT and SIGTERM drain and stop all of it. Resolves with the
 *  exit code of Tidegate. */
export async function showTide(tide: Tide): Promise<number> {
  const env = { ...process.env, ...tide.env }
  const tidegate = spawn(process.execPath, [BIN, 'up', tide.file], { stdio: 'inherit', env })
  let wave: ChildProcess | null = null
  let stopping = false
  const stop = (): void => {
    stopping = true
    wave?.kill('SIGTERM')
  }
  // A terminal sends Ctrl-C to every process in front, so `tidegate` has it already; a plain kill reaches only this one.
  process.on('SIGINT', stop)
  process.on('SIGTERM', () => {
    stop()
    tidegate.kill('SIGTERM')
  })
  const ended = new Promise<number>((done) =>
    tidegate.on('exit', (code) => {
      stop()
      done(code ?? 1)
    }),
  )
  while (!stopping && !(await isServing(tide))) await new Promise((done) => setTimeout(done, 200))
  if (!stopping) wave = startWave(tide)
  return ended
}

async function isServing(tide: Tide): Promise<boolean> {
  const fleet = await askFleet(tide)
  return fleet?.servers.some((server) => server.state === 'serving') === true
}

async function askFleet({ admin }: Tide): Promise<FleetAnswer | null> {
  const answer = await fetch(`http://${admin}/api/v1/fleets/api`).catch(() => null)
  return answer?.ok ? ((await answer.json()) as FleetAnswer) : null
}

function startWave(tide: Tide): ChildProcess {
  const { url, low, high, periodS } = tide
  console.log(
    `a load wave begins: ${low} to ${high} requests/s and back in ${periodS} s, again and again; Ctrl-C stops everything`,
  )
  const numbers = Object.entries({ url, low, high, period: `${periodS}s` })
  const words = numbers.flatMap(([name, value]) => [`--${name}`, String(value)])
  const script = resolve(import.meta.dirname, `wave${extname(import.meta.filename)}`)
  const child = spawn(process.execPath, [script, ...words, '--json', '--repeat'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lines = 0
  createInterface({ input: child.stdout! }).on('line', (text) => {
    if (lines++ % EVERY_LINES === 0) void show(tide, JSON.parse(text) as WaveLine)
  })
  return child
}

async function show(tide: Tide, line: WaveLine): Promise<void> {
  const [fleet, besides] = await Promise.all([askFleet(tide), tide.besides?.() ?? ''])
  const count = (state: string): number =>
    fleet?.servers.filter((server) => server.state === state).length ?? 0
  const others = ['launching', 'starting', 'checking', 'draining']
    .filter((state) => count(state) > 0)
    .map((state) => `, ${count(state)} ${state}`)
  const time = new Date().toTimeString().slice(0, 8)
  const p95 = line.p95Ms === null ? '-' : `${Math.round(line.p95Ms)} ms`
  const bar = '▇'.repeat(Math.round((30 * line.target) / tide.high)).padEnd(30)
  console.log(
    `${time} ${bar} ${String(Math.round(line.target)).padStart(4)}/s  ok ${line.ok}  failed ${line.failed}  p95 ${p95}  servers: ${count('serving')} serving${others.join('')}${besides}`,
  )
}
