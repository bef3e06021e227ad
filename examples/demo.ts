import { type ChildProcess, spawn } from 'node:child_process'
import { findPackageJSON } from 'node:module'
import { dirname, extname, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** npm start: the quickstart with a load wave to watch. Ctrl-C drains and stops all of it. */
const ROOT = dirname(findPackageJSON(import.meta.url)!)
const API = 'http://127.0.0.1:9900/api/v1'
const WAVE = [
  '--url',
  'http://127.0.0.1:8080/',
  '--low',
  '40',
  '--high',
  '900',
  '--period',
  '120s',
  '--json',
  '--repeat',
]
const EVERY_LINES = 2

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

const tidegate = spawn(
  process.execPath,
  [resolve(ROOT, 'bin/tidegate.js'), 'up', resolve(import.meta.dirname, 'quickstart.yaml')],
  { stdio: 'inherit' },
)
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
tidegate.on('exit', (code) => {
  stop()
  process.exitCode = code ?? 1
})

await untilServing()
if (!stopping) wave = startWave()

async function untilServing(): Promise<void> {
  while (!stopping) {
    const fleet = await askFleet()
    if (fleet?.servers.some((server) => server.state === 'serving')) return
    await new Promise((done) => setTimeout(done, 200))
  }
}

async function askFleet(): Promise<FleetAnswer | null> {
  const answer = await fetch(`${API}/fleets/api`).catch(() => null)
  return answer?.ok ? ((await answer.json()) as FleetAnswer) : null
}

function startWave(): ChildProcess {
  console.log(
    'a load wave begins: 40 to 900 requests/s and back in two minutes, again and again; Ctrl-C stops everything',
  )
  const child = spawn(
    process.execPath,
    [resolve(import.meta.dirname, `wave${extname(import.meta.filename)}`), ...WAVE],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let lines = 0
  createInterface({ input: child.stdout! }).on('line', (text) => {
    if (lines++ % EVERY_LINES === 0) void show(JSON.parse(text) as WaveLine)
  })
  return child
}

async function show(line: WaveLine): Promise<void> {
  const fleet = await askFleet()
  const count = (state: string): number =>
    fleet?.servers.filter((server) => server.state === state).length ?? 0
  const others = ['starting', 'checking', 'draining']
    .filter((state) => count(state) > 0)
    .map((state) => `, ${count(state)} ${state}`)
  const time = new Date().toTimeString().slice(0, 8)
  const p95 = line.p95Ms === null ? '-' : `${Math.round(line.p95Ms)} ms`
  const bar = '▇'.repeat(Math.round(line.target / 30)).padEnd(30)
  console.log(
    `${time} ${bar} ${String(Math.round(line.target)).padStart(4)}/s  ok ${line.ok}  failed ${line.failed}  p95 ${p95}  servers: ${count('serving')} serving${others.join('')}`,
  )
}
