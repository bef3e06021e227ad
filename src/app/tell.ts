import { sayIn } from '../words/say.ts'

/** A line for whoever sits at the terminal, in their language. */
export function tell(line: string): void {
  process.stderr.write(`${sayIn(process.env)(line)}\n`)
}
