import { createInterface } from 'node:readline/promises'
import { CliError } from '../errors.ts'
import type { Prompt } from './questions.ts'

/** The terminal that this process was started from; null when there is none to ask. Questions are messages: they go to stderr. */
export function terminalPrompt(signal: AbortSignal): Prompt | null {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return null
  const lines = createInterface({ input: stdin, output: stderr })
  // The terminal is in raw mode, where Ctrl-C is a character.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  signal.addEventListener('abort', () => stderr.write('\n'), { once: true })
  return {
    ask: (question) => {
      const ended = Promise.withResolvers<never>()
      const onClose = () => {
        stderr.write('\n')
        ended.reject(new CliError('the input has ended; nothing was written'))
      }
      lines.once('close', onClose)
      return Promise.race([lines.question(question, { signal }), ended.promise]).finally(() =>
        lines.off('close', onClose),
      )
    },
    say: (text) => void stderr.write(`${text}\n`),
    [Symbol.dispose]: () => lines.close(),
  }
}
