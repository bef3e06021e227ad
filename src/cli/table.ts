import { stripVTControlCharacters } from 'node:util'

/** Lines with aligned columns: numbers (by their heading's leading `>`) to the right, all else to the left. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const right = headings.map((heading) => heading.startsWith('>'))
  const lines = [headings.map((heading) => heading.replace('>', '')), ...rows]
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

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length
}
