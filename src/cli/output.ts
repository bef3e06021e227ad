import { styleText } from 'node:util'
import type { Say } from '../words/translate.ts'

/** Data goes to stdout, messages to stderr. */
export interface Output {
  /** One line, in the reader's language. */
  line(text: string): void
  /** One line as it is, of whoever wrote it. */
  quote(text: string): void
  json(value: unknown): void
  /** To stderr, in the reader's language; may have several lines. */
  note(text: string): void
  readonly paint: Paint
  readonly say: Say
}

export type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold'
export type Paint = (colour: Colour, text: string) => string

interface Sinks {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly color: boolean
}

export function outputTo({ stdout, stderr, color }: Sinks, say: Say): Output {
  return {
    line: (text) => stdout(`${printable(say(text))}\n`),
    quote: (text) => stdout(`${printable(text)}\n`),
    json: (value) => stdout(`${JSON.stringify(value)}\n`),
    note: (text) =>
      stderr(
        say(text)
          .split('\n')
          .map((line) => `${printable(line)}\n`)
          .join(''),
      ),
    paint: (colour, text) => (color ? styleText(colour, say(text), { validateStream: false }) : say(text)),
    say,
  }
}

const ESCAPE = String.fromCharCode(27)
const UNSAFE = new RegExp(`(?!${ESCAPE}\\[[0-9;]*m)\\p{Cc}`, 'gu')

/** Details may quote a server's output or a vendor's text; a terminal must not obey what stands in them. Colours pass. */
export function printable(text: string): string {
  return text.replace(UNSAFE, '?')
}
