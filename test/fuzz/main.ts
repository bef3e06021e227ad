import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { storyOf } from './draw.ts'
import { Run } from './run.ts'
import { type Lived, livedBy } from './seeds.ts'
import { shrunk } from './shrink.ts'
import { happened, told } from './tell.ts'

const USAGE = 'npm run fuzz -- [--seeds 200] [--from 1] [--jobs N] | --seed N [--verbose]'

/** `--seeds` lives so many stories, `--jobs` of them at once: by default as many as there are cores. `--seed` lives one again, and `--verbose`
 *  tells it. One that fails is shrunk; exit code 1. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      jobs: { type: 'string', default: `${availableParallelism()}` },
      seed: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const [first, count, jobs] = [Number(values.seed ?? values.from), Number(values.seeds), Number(values.jobs)]
  if (![first, count, jobs].every(Number.isSafeInteger) || count < 1 || jobs < 1) throw new Error(USAGE)
  if (values.seed !== undefined && values.verbose) return await tell(first)
  const startedAt = performance.now()
  const all = await livedBy(first, values.seed === undefined ? count : 1, jobs)
  const failed = all.filter(({ violations }) => violations.length > 0)
  const [lowest] = failed.sort((a, b) => a.seed - b.seed)
  if (lowest) return await fail(lowest)
  const ticks = all.reduce((sum, one) => sum + one.ticks, 0)
  const speed = `${((1000 * all.length) / (performance.now() - startedAt)).toFixed(1)} a second`
  console.log(`${all.length} stories from seed ${first}, ${ticks} ticks: every invariant holds (${speed})`)
}

async function tell(seed: number): Promise<void> {
  const story = storyOf(seed)
  console.log(`${told(story)}\n`)
  const run = new Run(story)
  await run.live()
  console.log(await happened(run))
  if (run.watch.violations.length > 0) process.exitCode = 1
}

async function fail({ seed, violations: [first] }: Lived): Promise<void> {
  process.exitCode = 1
  console.log(`seed ${seed}: "${first!.invariant}" does not hold: ${first!.says}`)
  console.log(
    `again, and told: npm run fuzz -- --seed ${seed} --verbose\n\nThe smallest story found in which it fails:`,
  )
  const smallest = await shrunk(storyOf(seed), first!.invariant)
  const again = new Run(smallest)
  await again.live()
  console.log(`${told(smallest)}\n\n${await happened(again)}`)
}

await main()
