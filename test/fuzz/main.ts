import { parseArgs } from 'node:util'
import { storyOf } from './draw.ts'
import { Run } from './run.ts'
import { shrunk } from './shrink.ts'
import { happened, told } from './tell.ts'

const USAGE = 'npm run fuzz -- [--seeds 200] [--from 1] | --seed N [--verbose]'

/** `--seeds` lives so many stories; `--seed` lives one again, and `--verbose` tells it. The first that fails is shrunk; exit code 1. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const first = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds) : 1
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) throw new Error(USAGE)
  const startedAt = performance.now()
  let ticks = 0
  for (let seed = first; seed < first + count; seed++) {
    const run = await lived(seed, values.verbose)
    ticks += run.watch.ticks
    if (run.watch.violations.length > 0) return await fail(seed, run)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const speed = `${(count / seconds).toFixed(1)} a second`
  console.log(`${count} stories from seed ${first}, ${ticks} ticks: every invariant holds (${speed})`)
}

async function lived(seed: number, verbose: boolean): Promise<Run> {
  const story = storyOf(seed)
  if (verbose) console.log(`${told(story)}\n`)
  const run = new Run(story)
  await run.live()
  if (verbose) console.log(await happened(run))
  return run
}

async function fail(seed: number, run: Run): Promise<void> {
  process.exitCode = 1
  const [first] = run.watch.violations
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
