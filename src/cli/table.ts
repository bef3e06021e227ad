import { stripVTControlCharacters } from 'node:util'
import type { Say } from '../words/translate.ts'

/** Lines with aligned columns: numbers (by their heading's leading `>`) to the right, all else to the left. Cells are in the reader's
 *  language already, headings not yet. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], say: Say): string[] {
  const right = headings.map((heading) => heading.startsWith('>'))
  const lines = [headings.map((heading) => say(heading.replace('>', ''))), ...rows]
  const widths = headings.map((_heading, column) =>
    Math.max(...lines.map((line) => widthOf(line[column] ?? ''))),
  )
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
        return right[column] ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd(),
  )
}

/** East Asian characters of full width take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu

/** Columns of a terminal; colours take none. */
export function widthOf(text: string): number {
  const shown = stripVTControlCharacters(text)
  return [...shown].length + (shown.match(WIDE)?.length ?? 0)
}
