import type { Command } from 'commander'
import { collected, duration, optional, refuseIdle } from './arguments.ts'
import { shadowVerdict, showShadow, startShadow, stopShadow } from './commands/shadow.ts'
import type { Context } from './context.ts'

interface ShadowOptions {
  readonly stop?: boolean
  readonly verdict?: boolean
  readonly assert: readonly string[]
  readonly least: number
}

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
    .option('--verdict', 'what has come of it in a line a fleet; exit code 0 = the same, 3 = it differs')
    .option(
      '--assert <condition>',
      'such as "server-hours <= 100%" of the active one; exit code 1 where it is not so, else 0',
      collected,
      [],
    )
    .addOption(optional('--least <duration>', 'so long both must have been compared', duration, '1h'))
    .action((file: string | undefined, options: ShadowOptions, command: Command) => {
      const { stop = false, verdict = false } = options
      if (stop && file !== undefined) command.error('error: a file or --stop, not both')
      if (verdict && (stop || file !== undefined)) command.error('error: --verdict stands for itself')
      refuseIdle(command, { '--assert': '--verdict', '--least': '--verdict' })
      return api((context) => {
        if (verdict) return shadowVerdict(context, options)
        if (stop) return stopShadow(context)
        return file === undefined ? showShadow(context) : startShadow(context, file)
      })
    })
}
