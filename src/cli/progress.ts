import type { Output } from './output.ts'

/** One line on stderr that each text writes over, for people who wait; '' takes it away. Nothing where stderr is no terminal. */
export type Progress = (text: string) => void

const ESCAPE = String.fromCharCode(27)
/** To the first column, and whatever stands from there on is gone. */
const ANEW = `\r${ESCAPE}[K`

export function progressOn(
  { isTerminal, stderr }: { readonly isTerminal: boolean; readonly stderr: (text: string) => void },
  { say }: Pick<Output, 'say'>,
): Progress {
  return isTerminal ? (text) => stderr(`${ANEW}${say(text)}`) : () => {}
}
