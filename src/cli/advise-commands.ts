import { type Command, Option } from 'commander'
import { duration, number, optional, percentage, wholeNumber } from './arguments.ts'
import type { AdviseBillingOptions } from './commands/advise-billing.ts'
import type { AdviseScalingOptions } from './commands/advise-scaling.ts'
import { SOURCES } from './load.ts'

const LIMIT = 'how far while servers start or a zone is lost'
const GROWTH = 'by which share of itself the load may grow in a minute'
const STARTUP = 'from the launch of a server until it serves'

/** `advise` and what can be asked of it. */
export function addAdvise(
  program: Command,
  run: {
    readonly scaling: (options: AdviseScalingOptions) => Promise<void>
    readonly billing: (options: AdviseBillingOptions) => Promise<void>
  },
): void {
  const advise = program.command('advise').description('advice from figures, before anything runs')
  addScaling(advise, run.scaling)
  addBilling(advise, run.billing)
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
    .option('--since <instant>', 'from when on, where it was measured', '-60d')
    .option('--step <duration>', 'time between two values', duration)
    .addOption(
      optional(
        '--headroom <share>',
        'so much more bandwidth is bought than the peak',
        percentage(0, 1000),
        '20%',
      ),
    )
    .action((options: AdviseBillingOptions) => run(options))
}

function addScaling(advise: Command, run: (options: AdviseScalingOptions) => Promise<void>): void {
  advise
    .command('scaling')
    .description('how many servers a load needs, and why: to carry it, to grow, and to lose a zone')
    .requiredOption('--qps <rate>', 'requests a second at the peak', number(0.001, 1e9))
    .requiredOption('--per-server <rate>', 'requests a second that a server carries', number(0.001, 1e6))
    .option('--slots <count>', 'requests that a server works on at once', wholeNumber(1, 10_000), 8)
    .addOption(optional('--target <share>', 'how far servers are used as a rule', percentage(1, 100), '70%'))
    .addOption(optional('--limit <share>', LIMIT, percentage(1, 100), '90%'))
    .addOption(optional('--growth <share>', GROWTH, percentage(0, 1000), '0%'))
    .addOption(optional('--startup <duration>', STARTUP, duration, '120s'))
    .option('--zones <count>', 'that servers are spread over; 1 = none can be lost', wholeNumber(1, 100), 3)
    .addOption(optional('--objective <duration>', 'the longest wait that is not late', duration, '250ms'))
    .option('--price <amount>', 'of a server for an hour', number(0, 1e6))
    .option('--fleet <fleet>', 'of the configuration: its price, where --price is left out')
    .action((options: AdviseScalingOptions) => run(options))
}
