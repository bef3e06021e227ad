import { Command } from 'commander'
import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet } from '../../../test/kit/scaling.ts'
import { NO_PRICE } from '../../core/cost.ts'
import { messageOf } from '../../core/fault.ts'
import type { FleetSpec } from '../../core/policy.ts'
import { type AdviseOptions, addAdvise } from '../advise-commands.ts'
import { outputTo } from '../output.ts'
import { type AdviseScalingOptions, adviseScaling, pricedBy } from './advise-scaling.ts'

/** Runs a command line as the program does. */
async function run(line: string, json = false): Promise<string> {
  const seen = { text: '' }
  const write = (text: string) => void (seen.text += text)
  const out = outputTo({ stdout: write, stderr: write, color: false }, (text) => text)
  const program = new Command().exitOverride().configureOutput({ writeErr: write })
  const scaling = async ({ qps, perServer, ...options }: AdviseOptions) =>
    void adviseScaling({ ...options, qps: qps!, perServer: perServer! }, { out, json })
  addAdvise(program, { scaling, billing: async () => {}, tuning: async () => {} })
  for (const command of program.commands)
    for (const inner of command.commands) inner.exitOverride().configureOutput({ writeErr: write })
  try {
    await program.parseAsync(['advise', 'scaling', ...line.split(' ')], { from: 'user' })
  } catch (error) {
    return messageOf(error)
  }
  return seen.text
}

test('says how many servers a load needs, each reason after those before it, and what they cost', async () => {
  const text = await run('--qps 100000 --per-server 5000 --price 0.68 --growth 20%')
  expect(text.split('\n').map((line) => line.trimEnd().replace(/ {2,}/g, ' | '))).toEqual([
    'SERVERS | COUNT | USED | LATE | A MONTH',
    'kept busy | 20 | 100% | 100.00% | 9928.00',
    'used to 70% at most | 29 | 69% | 0.00% | 14395.60',
    'with growth of 20% a minute until others have started | 32 | 63% | 0.00% | 15884.80',
    'with one of 3 zones to lose | 35 | 57% | 0.00% | 17374.00',
    'what is left when it is lost | 23 | 87% | 0.00% | 11417.20',
    'late: waits longer than 250ms before a server begins with it',
    '',
  ])
  const words = text
    .split('\n')
    .flatMap((line) => line.split(/ {2,}/))
    .filter((cell) => /[a-z]{2}/i.test(cell))
  expect(untranslated(words)).toEqual([])
})

test('leaves out what is not asked for, and the price where there is none', async () => {
  const text = await run('--qps 10 --per-server 10 --zones 1 --target 50')
  expect(text.match(/^[a-z ]+\S/gim)).toHaveLength(4)
  expect(text).toMatch(/used to 50% at most +2 +50%/)
})

test('gives all of it as JSON, with the cost of what is advised', async () => {
  expect(JSON.parse(await run('--qps 80 --per-server 10 --zones 2 --price 1.5', true))).toMatchObject({
    busy: { servers: 8, used: 1, late: 1 },
    target: { servers: 12 },
    growth: { servers: 12 },
    zones: { servers: 18 },
    lost: { servers: 9 },
    costPerHour: 27,
    costPerMonth: 27 * 730,
  })
})

test.each([
  ['--per-server 10', /^`--qps` and `--per-server` belong together; without both/],
  ['--qps 10 --per-server 0', /Expected a number from 0\.001 to 1000000\.$/],
  ['--qps 10 --per-server 1 --target 170%', /Expected a percentage from 1 to 100, such as 70%\.$/],
  ['--qps 10 --per-server 1 --csv x.csv', /^--csv does nothing with --qps; leave one of them out$/],
  ['--csv x.csv --since 1h', /^--since does nothing with --csv; leave one of them out$/],
  ['--zones 2', /^--zones does nothing without --qps; give both, or neither$/],
  [
    '--qps 10 --per-server 1 --target 95% --limit 90%',
    /^a limit of 90% is below the target of 95%; give a --limit of/,
  ],
])('refuses %s', async (line, message) => {
  expect(await run(line)).toMatch(message)
})

test('takes the price of a fleet of the file, and says where that has none', () => {
  const options = { fleet: 'api' } as AdviseScalingOptions
  const of = (over: Partial<FleetSpec>, wishes = options) =>
    pricedBy({ file: 'tidegate.yaml', fleets: [aFleet(over)] }, wishes)
  expect(of({ price: { ...NO_PRICE, perHour: 0.68 } }).price).toBe(0.68)
  expect(of({ price: { ...NO_PRICE, perHour: 0.68 } }, { ...options, price: 1 }).price).toBe(1)
  const messages = [() => of({}), () => of({ name: 'web' })].map((run) => {
    try {
      run()
    } catch (error) {
      return messageOf(error)
    }
    return ''
  })
  expect(messages).toEqual([
    'tidegate.yaml tells no price of api; give it price.per-hour, or write --price',
    'tidegate.yaml has no fleet api',
  ])
  expect(untranslated(messages)).toEqual([])
})
