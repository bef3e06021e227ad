import { type Command, Option } from 'commander'
import { collected, duration, number, optional, refuseBeside, refuseIdle, wholeNumber } from './arguments.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import { OF_MEASURED, SOURCES } from './load.ts'

const POLICIES = 'fixed,threshold-20%,hpa@60,kpa@60,aws@60,ess,tidegate'

/** `simulate`. */
export function addSimulate(program: Command, run: (options: SimulateOptions) => Promise<void>): void {
  const command = program
    .command('simulate')
    .description(
      'run ways to scale through recorded load: what each would have cost, and who would have waited',
    )
    .option('--trace <file>', 'CSV of timestamp,value; also with gzip')
    .addOption(new Option('--from <source>', 'load that was measured, in place of a file').choices(SOURCES))
    .option('--metric <metric>', 'of what, where it was measured', 'rps')
    .option('--prometheus <url>', 'an address or a source of the file (default: that of the metric)')
    .option('--query <promql>', 'what to ask it (default: that of the metric)')
    .option('--since <instant>', 'from when on, where it was measured', '-60d')
    .option('--until <instant>', 'the end (default: now)')
    .option(
      '--step <duration>',
      'time between two values (default: the median, of a Prometheus 1m, else as fine as it is kept)',
      duration,
    )
    .option('--policies <names>', 'with commas, each with its target in percent after @', POLICIES)
    .option('--fleet <fleet>', 'tidegate decides by this fleet of the configuration; its load, of --from')
    .option(
      '--peak <servers>',
      'scale the load until its peak needs so many at 70 % (default: not that of a fleet, else 40)',
      wholeNumber(1, 10_000),
    )
    .option('--no-scaling', 'take its values as requests a second instead')
    .addOption(optional('--objective <duration>', 'the longest wait that is no violation', duration, '250ms'))
    .addOption(
      optional('--warm-up <duration>', 'history before it counts, at most half of the trace', duration, '7d'),
    )
    .option('--min <servers>', 'at least (default: as the fleet, else 2)', wholeNumber(1, 10_000))
    .option(
      '--max <servers>',
      'at most (default: as the fleet, else twice what the peak needs)',
      wholeNumber(1, 100_000),
    )
    .option('--price <amount>', 'of a server for an hour (default: as the fleet)', number(0, 1e6))
    .option('--seed <number>', 'repeats the chance of arrivals and start-ups', wholeNumber(0, 999_999_999), 1)
    .option(
      '--assert <condition>',
      'such as "violations < 0.5%"; exit code 1 where it is not so',
      collected,
      [],
    )
    .option('--html <file>', 'write a report with load, capacity and decisions over time')
    .action((options: SimulateOptions) => {
      refuseUnused(command)
      return run(options)
    })
  addServer(command)
  addTrials(command)
}

function refuseUnused(command: Command): void {
  refuseBeside(command, '--trace', OF_MEASURED)
  refuseBeside(command, '--no-scaling', ['--peak'])
  refuseIdle(command, { '--zones': '--zone-loss', '--stock-out-for': '--stock-out' })
}

/** What a server is. */
function addServer(command: Command): void {
  command
    .option(
      '--startup <duration>',
      'from the launch of a server until it serves (default: as the fleet, else 120s)',
      duration,
    )
    .option('--startup-spread <sigma>', 'of a lognormal distribution around it', number(0, 2), 0)
    .option('--startup-failing <share>', 'launches that come to nothing, 0 to 1', number(0, 0.9), 0)
    .option(
      '--capacity <rate>',
      'requests a second that a server carries (default: as the fleet, else 80)',
      number(0.001, 1e6),
    )
    .option('--slots <count>', 'requests that a server works on at once', wholeNumber(1, 10_000), 8)
}

/** What befalls servers, requests and measurements. */
function addTrials(command: Command): void {
  command
    .addOption(
      optional(
        '--drain <duration>',
        'a retired server may finish what it holds for so long, and is paid for',
        duration,
        '30s',
      ),
    )
    .option(
      '--cold-start <duration>',
      'from joining until a server carries all that it can (default: at once)',
      duration,
    )
    .option(
      '--timeout <duration>',
      'a client waits no longer (default: twice the objective, and at least 5s)',
      duration,
    )
    .option('--zones <count>', 'servers are spread over so many', wholeNumber(2, 100), 3)
    .option('--zone-loss <duration>', 'so long after the warm-up one zone is lost', duration)
    .option('--stock-out <duration>', 'so long after the warm-up the vendor has no more servers', duration)
    .addOption(optional('--stock-out-for <duration>', 'for this time', duration, '30m'))
    .option(
      '--metrics <how>',
      'delay, period and loss of what is measured, such as 60s/60s/1%, or of one policy: hpa:15s/30s',
      collected,
      [],
    )
}
