import type { Command } from 'commander'
import type { ReplayOptions } from './commands/replay.ts'

/** `replay`. */
export function addReplay(program: Command, run: (options: ReplayOptions) => Promise<void>): void {
  program
    .command('replay')
    .description(
      'decide the recorded ticks anew by the configuration as it is now; exit code 0 = nothing differs, 3 = something',
    )
    .option('--fleet <fleet>', 'one fleet (default: all of the configuration)')
    .option('--from <instant>', 'such as -1h, 2026-01-01T00:00:00Z or seconds since the epoch', '-1d')
    .option('--to <instant>', 'the end (default: now)')
    .option('--changes-only', 'leave out what is decided as then')
    .action((options: ReplayOptions) => run(options))
}
