import type { Command } from 'commander'
import { duration } from './arguments.ts'
import { type HistoryContext, type HistoryRange, history, historyList } from './commands/history.ts'
import { importFile, importRange } from './commands/history-import.ts'

export type RunHistory = (run: (context: HistoryContext) => Promise<number>) => Promise<void>

/** `history` and `history import`. */
export function addHistory(program: Command, run: RunHistory): void {
  const command = program
    .command('history')
    .description('a metric over time: 1 s for an hour, 10 s for a day, 5 min for 60 days')
    .argument('[fleet]', 'left out: every series there is')
    .argument('[metric]', 'left out: every series of the fleet')
    // Without defaults of commander's: `import` reads these three too, and has others.
    .option('--from <instant>', 'such as -1h, 2026-01-01T00:00:00Z or seconds since the epoch (default: -1h)')
    .option('--to <instant>', 'the end (default: now)')
    .option('--step <duration>', 'a point each (default: what gives at most 1000 points)', duration)
    .option('--csv', 'print CSV')
    .action((fleet: string | undefined, metric: string | undefined, options: HistoryRange & { csv?: true }) =>
      run((context) =>
        fleet === undefined || metric === undefined
          ? historyList(context, fleet)
          : history(context, { fleet, metric }, { ...options, csv: options.csv ?? false }),
      ),
    )
  addImport(command, run)
}

interface ImportOptions extends HistoryRange {
  readonly fleet: string
  readonly metric: string
  readonly prometheus?: string
  readonly query?: string
}

function addImport(history: Command, run: RunHistory): void {
  history
    .command('import')
    .description('take samples of the past, of a CSV file or a Prometheus: all or none, and twice is as once')
    .argument('[file]', 'CSV under the header timestamp,value; also with gzip')
    .requiredOption('--fleet <fleet>', 'whose')
    .requiredOption('--metric <metric>', 'of what, in its base unit')
    .option('--prometheus <url>', 'an address or a source of the file (default: that of the metric)')
    .option('--query <promql>', 'what to ask it (default: that of the metric)')
    .addHelpText(
      'after',
      '\nOf a Prometheus: --from (default: -60d), --to (default: now), --step (default: 1m)',
    )
    .action((file: string | undefined, _own: object, command: Command) => {
      const { fleet, metric, ...options } = command.optsWithGlobals<ImportOptions>()
      if (file !== undefined && (options.prometheus ?? options.query) !== undefined)
        command.error('error: a file or a Prometheus, not both')
      const series = { fleet, metric }
      return run((context) =>
        file === undefined ? importRange(context, series, options) : importFile(context, file, series),
      )
    })
}
