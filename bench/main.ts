import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { platformOf } from '../src/core/platform.ts'
import { benchBeforeAfter } from './before-after.ts'
import { benchBrain } from './brain.ts'
import { benchController } from './controller.ts'
import { benchForecast } from './forecast.ts'
import { benchGateway } from './gateway.ts'
import { benchHistory } from './history.ts'
import { benchIsolation } from './isolation.ts'
import { benchLeaveOneOut } from './leave-one-out.ts'
import { benchReaction } from './reaction.ts'
import { benchRecovery } from './recovery.ts'
import { benchRouting } from './routing.ts'
import { benchScaling } from './scaling.ts'
import { benchWorld } from './world.ts'

const BENCHES: Record<string, (args: readonly string[]) => Promise<object>> = {
  'before-after': benchBeforeAfter,
  brain: benchBrain,
  controller: benchController,
  forecast: benchForecast,
  gateway: benchGateway,
  history: benchHistory,
  isolation: benchIsolation,
  'leave-one-out': benchLeaveOneOut,
  reaction: benchReaction,
  recovery: benchRecovery,
  routing: benchRouting,
  scaling: benchScaling,
  world: benchWorld,
}

/** npm run bench -- NAME [--json] [options of this one]: one JSON object on stdout. */
const [name = '', ...args] = process.argv.slice(2)
const bench = BENCHES[name]
if (!bench) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json]\n`)
  process.exit(2)
}
if (!platformOf(process.platform).proc) {
  process.stderr.write('benchmarks pin programs to cores with taskset and read /proc: they need Linux\n')
  process.exit(1)
}
// The gateway is measured as a package runs it: compiled.
if (name === 'gateway') execFileSync(process.execPath, [resolve(import.meta.dirname, '../scripts/build.ts')])
const indent = args.includes('--json') ? 0 : 2
process.stdout.write(`${JSON.stringify(await bench(args), null, indent)}\n`)
