import type { Command } from 'commander'
import { duration, number, optional, percentage, wholeNumber } from './arguments.ts'
import type { AdviseScalingOptions } from './commands/advise-scaling.ts'

const LIMIT = 'how far while servers start or a zone is lost'
const GROWTH = 'by which share of itself the load may grow in a minute'
const STARTUP = 'from the launch of a server until it serves'

/** `advise` and what can be asked of it. */
export function addAdvise(program: Command, run: (options: AdviseScalingOptions) => Promise<void>): void {
  program
    .command('advise')
    .description('advice from figures, before anything runs')
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
    .action((options: AdviseScalingOptions) => run(options))
}
