import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { SMALL_MEMORY } from '../src/app/memory.ts'
import { platformOf } from '../src/core/platform.ts'

type Bench = (args: readonly string[]) => Promise<object>

/** Only the one that runs is loaded: the others would count as its memory. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'before-after': async () => (await import('./before-after.ts')).benchBeforeAfter,
  brain: async () => (await import('./brain.ts')).benchBrain,
  controller: async () => (await import('./controller.ts')).benchController,
  forecast: async () => (await import('./forecast.ts')).benchForecast,
  gateway: async () => (await import('./gateway.ts')).benchGateway,
  history: async () => (await import('./history.ts')).benchHistory,
  isolation: async () => (await import('./isolation.ts')).benchIsolation,
  'leave-one-out': async () => (await import('./leave-one-out.ts')).benchLeaveOneOut,
  reaction: async () => (await import('./reaction.ts')).benchReaction,
  recovery: async () => (await import('./recovery.ts')).benchRecovery,
  routing: async () => (await import('./routing.ts')).benchRouting,
  scaling: async () => (await import('./scaling.ts')).benchScaling,
  world: async () => (await import('./world.ts')).benchWorld,
}

/** npm run bench -- NAME [--json] [options of this one]: one JSON object on stdout. */
const [name = '', ...args] = process.argv.slice(2)
const load = BENCHES[name]
if (!load) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json]\n`)
  process.exit(2)
}
if (!platformOf(process.platform).proc) {
  process.stderr.write('benchmarks pin programs to cores with taskset and read /proc: they need Linux\n')
  process.exit(1)
}
// The gateway is measured as a package runs it: compiled.
if (name === 'gateway') execFileSync(process.execPath, [resolve(import.meta.dirname, '../scripts/build.ts')])
// And a controller as `tidegate up` starts it.
if (name === 'controller' && !SMALL_MEMORY.every((option) => process.execArgv.includes(option))) {
  execFileSync(process.execPath, [...SMALL_MEMORY, ...process.argv.slice(1)], { stdio: 'inherit' })
  process.exit()
}
const bench = await load()
const indent = args.includes('--json') ? 0 : 2
process.stdout.write(`${JSON.stringify(await bench(args), null, indent)}\n`)
