import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { runClients } from './clients.ts'
import { openOrigins } from './origins.ts'
import { slopeOf } from './slope.ts'
import type { Held, Ports, Question } from './subject.ts'

const MINUTE_MS = 60_000
const SAMPLE_MS = 1000
/** Code is compiled and pools and buffers grow to their size in this time; what is held is compared with its end. */
const WARM_UP_MS = 15_000
/** Idle connections and sessions end after two to four seconds; what is held longer than this is lost. */
const REST_MS = 20_000
/** Of the heap after collection, from the end of the warm-up to the end. */
const HEAP_GROWTH_BYTES = 2 * 1024 * 1024

async function ask<Answer>(subject: ChildProcess, question: Question): Promise<Answer> {
  subject.send(question)
  const [answer] = await once(subject, 'message')
  return answer as Answer
}

/** What the subject holds once it holds no more than at its start, or at last. */
async function atRest(subject: ChildProcess, start: Held): Promise<Held> {
  const deadline = performance.now() + REST_MS
  for (;;) {
    const held = await ask<Held>(subject, { ask: 'held' })
    if (leaks(start, held).length === 0 || performance.now() > deadline) return held
    await sleep(SAMPLE_MS)
  }
}

function leaks(start: Held, end: Held): string[] {
  const counts = ['descriptors', 'timers', 'gauges'] as const
  return counts
    .filter((name) => end[name] > start[name])
    .map((name) => `${name}: ${start[name]} at the start, ${end[name]} at the end`)
}

/** Read from outside: no collection is forced on the subject while it works. */
function residentMib({ pid }: ChildProcess): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

async function load(subject: ChildProcess, ports: Ports, ms: number) {
  const began = performance.now()
  const running = () => performance.now() - began < ms && subject.connected
  const clients = runClients(ports, running)
  const resident: [number, number][] = []
  while (running()) {
    await sleep(SAMPLE_MS)
    resident.push([(performance.now() - began) / MINUTE_MS, residentMib(subject)])
  }
  return { protocols: await clients, resident }
}

/** npm run soak -- [--minutes N]: one JSON object on stdout; exit code 1 when something is not back at its start. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) {
  process.stderr.write('usage: npm run soak -- [--minutes N]\n')
  process.exit(2)
}
const { origins, close } = await openOrigins()
const subject = fork(new URL('./subject.ts', import.meta.url), { execArgv: ['--expose-gc'] })
subject.on('exit', (code, signal) => {
  if (code === 0) return
  process.stderr.write(`the subject has ended by itself: ${signal ?? code}\n`)
  process.exit(1)
})
const ports = await ask<Ports>(subject, { ask: 'start', origins })
const start = await ask<Held>(subject, { ask: 'held' })
await load(subject, ports, WARM_UP_MS)
const warm = await atRest(subject, start)
const { protocols, resident } = await load(subject, ports, minutes * MINUTE_MS)
const end = await atRest(subject, start)
const problems = leaks(start, end)
const grown = end.heapBytes - warm.heapBytes
if (grown > HEAP_GROWTH_BYTES)
  problems.push(`heap after collection: ${grown} bytes more than after the warm-up`)
for (const [name, { done, stuck }] of Object.entries(protocols)) {
  if (done === 0) problems.push(`${name}: nothing was answered`)
  if (stuck > 0) problems.push(`${name}: ${stuck} exchanges got stuck`)
}
// Memory that grows to its size shows in the whole, a leak in both.
const halfway = minutes / 2
const residentMibPerMinute = {
  whole: slopeOf(resident),
  secondHalf: slopeOf(resident.filter(([minute]) => minute > halfway)),
}
const report = { name: 'soak', minutes, start, warm, end, residentMibPerMinute, protocols, problems }
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
subject.send({ ask: 'stop' } satisfies Question)
await once(subject, 'exit')
close()
process.exit(problems.length > 0 ? 1 : 0)
