import type { Buffer } from 'node:buffer'
import type { HeaderLines } from './header-lines.ts'
import { isWord } from './tokens.ts'

/** The first value of a field that the codec itself has no use for; null when it is not there. `name` is in lower case. */
export function fieldText(bytes: Buffer, lines: HeaderLines, name: string): string | null {
  for (let line = 0; line < lines.count; line++) {
    if (isWord(bytes, lines.start(line), lines.nameEnd(line), name))
      return bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line))
  }
  return null
}
