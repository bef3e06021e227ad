import { widthOf } from './table.ts'

const ESCAPE = '\u001b['
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l`
const LEAVE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`

/** A terminal that one picture after another is drawn on. Disposing of it gives the terminal back as it was. */
export interface Screen extends Disposable {
  draw(lines: readonly string[]): void
}

/** What a screen needs of `process.stdout`. */
export interface ScreenStream {
  readonly rows: number
  readonly columns: number
  write(text: string): void
  on(event: 'resize', listener: () => void): unknown
  off(event: 'resize', listener: () => void): unknown
}

/** A picture in the terminal's second buffer, without scrolling, cursor or wrapping. It is drawn over the old one in one write, and anew
 *  when the terminal changes its size. */
export function openScreen(stream: ScreenStream): Screen {
  let shown: readonly string[] = []
  const redraw = () => stream.write(picture(shown, stream))
  stream.write(ENTER)
  stream.on('resize', redraw)
  return {
    draw(lines) {
      shown = lines
      redraw()
    },
    [Symbol.dispose]() {
      stream.off('resize', redraw)
      stream.write(LEAVE)
    },
  }
}

/** Each line is cleared before it is written: after a full one the cursor still stands on its last character. */
function picture(lines: readonly string[], { rows, columns }: { rows: number; columns: number }): string {
  const drawn = fitted(lines, rows).map((line) => `${ESCAPE}K${cut(line, columns)}`)
  return `${ESCAPE}H${drawn.join('\r\n')}${lines.length < rows ? `\r\n${ESCAPE}J` : ''}`
}

const COLOUR_OR_CHARACTER = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m|.`, 'gsu')

/** What fits into so many columns; colours take no room, and end where they would have. */
export function cut(line: string, columns: number): string {
  let room = columns
  return line.replace(COLOUR_OR_CHARACTER, (part) => {
    room -= widthOf(part)
    return part.startsWith('\u001b') || room >= 0 ? part : ''
  })
}

/** As many lines as there are rows; the last one says how many are missing. */
export function fitted(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines
  const shown = Math.max(0, rows - 1)
  return [...lines.slice(0, shown), `... ${lines.length - shown} more lines; this window has ${rows} rows`]
}

/** The terminal of this process, given back however the program ends; null when its output goes elsewhere. */
export function terminalScreen(): Screen | null {
  const { stdout } = process
  if (!stdout.isTTY) return null
  const screen = openScreen(stdout)
  const ended = (name: NodeJS.Signals) => {
    screen[Symbol.dispose]()
    process.kill(process.pid, name)
  }
  process.once('SIGTERM', ended).once('SIGHUP', ended)
  return {
    draw: screen.draw,
    [Symbol.dispose]() {
      process.off('SIGTERM', ended).off('SIGHUP', ended)
      screen[Symbol.dispose]()
    },
  }
}
