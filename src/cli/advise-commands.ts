import { type Command, Option } from 'commander'
import { duration, number, optional, percentage, refuseBeside, refuseIdle, wholeNumber } from './arguments.ts'
import type { AdviseBillingOptions } from './commands/advise-billing.ts'
import type { AdviseMetricOptions } from './commands/advise-metric.ts'
import type { AdviseScalingOptions } from './commands/advise-scaling.ts'
import type { AdviseTuningOptions } from './commands/advise-tuning.ts'
import { CliError } from './errors.ts'
import { OF_MEASURED, SOURCES } from './load.ts'

/** With `qps`, how many servers a load needs; without, which metric of a fleet to follow. */
export type AdviseOptions = AdviseMetricOptions &
  Partial<Pick<AdviseScalingOptions, 'qps' | 'perServer'>> &
  Omit<AdviseScalingOptions, 'qps' | 'perServer'>

/** Options of either of the two things that `advise scaling` does. */
const OF_RECORDED = ['--from', '--csv', '--latency', '--since', '--until']
const OF_FIGURES = Object.fromEntries(
  ['slots', 'target', 'limit', 'growth', 'startup', 'zones', 'objective', 'price'].map((name) => [
    `--${name}`,
    '--qps',
  ]),
)
const LIMIT = 'how far while servers start or a zone is lost'
const GROWTH = 'by which share of itself the load may grow in a minute'
const STARTUP = 'from the launch of a server until it serves'

/** `advise` and what can be asked of it. */
export function addAdvise(
  program: Command,
  run: {
    readonly scaling: (options: AdviseOptions) => Promise<void>
    readonly billing: (options: AdviseBillingOptions) => Promise<void>
    readonly tuning: (fleet: string | undefined, options: AdviseTuningOptions) => Promise<void>
  },
): void {
  const advise = program.command('advise').description('advice from figures, and from what was recorded')
  addScaling(advise, run.scaling)
  addBilling(advise, run.billing)
  addTuning(advise, run.tuning)
}

function addTuning(
  advise: Command,
  run: (fleet: string | undefined, options: AdviseTuningOptions) => Promise<void>,
): void {
  advise
    .command('tuning')
    .argument('[fleet]', 'of the configuration; may be left out where it has only one')
    .description('replay the last days with neighbouring settings: what each would save, and at which risk')
    .option('--days <count>', 'how many; half of them choose, half confirm (default: 7)', wholeNumber(2, 30))
    .option('--objective <duration>', 'the longest wait that is not late (default: 250ms)', duration)
    .option('--late <share>', 'so many requests may be late (default: 0.1%)', percentage(0, 100))
    .action((fleet: string | undefined, options: AdviseTuningOptions) => run(fleet, options))
}

function addBilling(advise: Command, run: (options: AdviseBillingOptions) => Promise<void>): void {
  advise
    .command('billing')
    .description('whether traffic to the internet costs less by traffic or by bandwidth, and what each costs')
    .option(
      '--trace <file>',
      'CSV of timestamp,value in bits a second; also with gzip (default: the history)',
    )
    .addOption(new Option('--from <source>', 'load that was measured, in place of a file').choices(SOURCES))
    .option('--fleet <fleet>', 'whose traffic, where it was measured (default: the only one)')
    .option('--prometheus <url>', 'an address or a source of the file (default: that of the metric)')
    .option('--query <promql>', 'what to ask it, in bits a second (default: that of the metric)')
    .option('--since <instant>', 'from when on, where it was measured', '-60d')
    .option('--until <instant>', 'the end (default: now)')
    .option('--step <duration>', 'time between two values', duration)
    .addOption(
      optional(
        '--headroom <share>',
        'so much more bandwidth is bought than the peak',
        percentage(0, 1000),
        '20%',
      ),
    )
    .action((options: AdviseBillingOptions, command: Command) => {
      refuseBeside(command, '--trace', [...OF_MEASURED, '--from', '--fleet'])
      return run(options)
    })
}

function addScaling(advise: Command, run: (options: AdviseOptions) => Promise<void>): void {
  advise
    .command('scaling')
    .argument('[fleet]', 'of the configuration; may be left out where it has only one')
    .description(
      'which metric a fleet should follow, by what moved with its latency; with --qps, how many servers a load needs: to carry it, to grow, and to lose a zone',
    )
    .addOption(
      new Option('--from <source>', 'where metrics were recorded (default: the journal)').choices(SOURCES),
    )
    .option('--csv <file>', 'metrics from a file in place of that: timestamp and a column a metric')
    .option('--latency <metric>', 'that tells how long requests take', 'p95')
    .option('--since <instant>', 'from when on, where it was measured', '-7d')
    .option('--until <instant>', 'the end (default: now)')
    .option('--qps <rate>', 'requests a second at the peak', number(0.001, 1e9))
    .option('--per-server <rate>', 'requests a second that a server carries', number(0.001, 1e6))
    .option('--slots <count>', 'requests that a server works on at once', wholeNumber(1, 10_000), 8)
    .addOption(optional('--target <share>', 'how far servers are used as a rule', percentage(1, 100), '70%'))
    .addOption(optional('--limit <share>', LIMIT, percentage(1, 100), '90%'))
    .addOption(optional('--growth <share>', GROWTH, percentage(0, 1000), '0%'))
    .addOption(optional('--startup <duration>', STARTUP, duration, '120s'))
    .option('--zones <count>', 'that servers are spread over; 1 = none can be lost', wholeNumber(1, 100), 3)
    .addOption(optional('--objective <duration>', 'the longest wait that is not late', duration, '250ms'))
    .option('--price <amount>', 'of a server for an hour', number(0, 1e6))
    .option('--fleet <fleet>', 'of the configuration: its price, where --price is left out')
    .action((fleet: string | undefined, options: AdviseOptions, command: Command) => {
      refuseBeside(command, '--qps', OF_RECORDED)
      refuseBeside(command, '--csv', ['--from', '--since', '--until'])
      refuseIdle(command, OF_FIGURES)
      if ((options.qps === undefined) === (options.perServer === undefined))
        return run({ ...options, ...(fleet !== undefined && { fleet }) })
      throw new CliError(
        '`--qps` and `--per-server` belong together; without both, what was recorded is asked',
        2,
      )
    })
}
