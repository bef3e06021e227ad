import type { Command } from 'commander'
import { duration } from './arguments.ts'
import { type HistoryContext, type HistoryRange, history, historyList } from './commands/history.ts'
import { importFile } from './commands/history-import.ts'

export type RunHistory = (run: (context: HistoryContext) => Promise<number>) => Promise<void>

/** `history` and `history import`. */
export function addHistory(program: Command, run: RunHistory): void {
  const command = program
    .command('history')
    .description('a metric over time: 1 s for an hour, 10 s for a day, 5 min for 60 days')
    .argument('[fleet]', 'left out: every series there is')
    .argument('[metric]', 'left out: every series of the fleet')
    .option('--from <instant>', 'such as -1h, 2026-01-01T00:00:00Z or seconds since the epoch', '-1h')
    .option('--to <instant>', 'its end', 'now')
    .option('--step <duration>', 'a point each; left out: one that gives at most 1000 points', duration)
    .option('--csv', 'print CSV')
    // What stands behind `import` is for `import`.
    .enablePositionalOptions()
    .action((fleet: string | undefined, metric: string | undefined, options: HistoryRange & { csv?: true }) =>
      run((context) =>
        fleet === undefined || metric === undefined
          ? historyList(context, fleet)
          : history(context, { fleet, metric }, { ...options, csv: options.csv ?? false }),
      ),
    )
  addImport(command, run)
}

function addImport(history: Command, run: RunHistory): void {
  history
    .command('import')
    .description(
      'take samples of the past, so that forecasts have one; all or none, and twice is the same as once',
    )
    .argument('<file>', 'CSV under the header timestamp,value')
    .requiredOption('--fleet <fleet>', 'whose')
    .requiredOption('--metric <metric>', 'of what, in its base unit')
    .action((file: string, { fleet, metric }: { fleet: string; metric: string }) =>
      run((context) => importFile(context, file, { fleet, metric })),
    )
}
