import type { Command } from 'commander'
import { showShadow, startShadow, stopShadow } from './commands/shadow.ts'
import type { Context } from './context.ts'

/** `shadow`. */
export function addShadow(
  program: Command,
  api: (run: (context: Context) => Promise<number>) => Promise<void>,
): void {
  program
    .command('shadow')
    .description('let another configuration decide beside the active one, and show how it differs')
    .argument('[file]', 'the other configuration (left out: show how it differs)')
    .option('--stop', 'end it')
    .action((file: string | undefined, { stop = false }: { stop?: boolean }, command: Command) => {
      if (stop && file !== undefined) command.error('error: a file or --stop, not both')
      return api((context) => {
        if (stop) return stopShadow(context)
        return file === undefined ? showShadow(context) : startShadow(context, file)
      })
    })
}
