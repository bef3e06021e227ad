/** Header fields as node:http2 gives and takes them: name, value, name, value ... Names are in lower case. */
export type RawHeaders = readonly string[]

/** RFC 9113 8.2.2: they speak of an HTTP/1.1 connection, so a message that has one is malformed. */
export const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

const SP = 32
const TAB = 9

/** Appends the fields of header lines, each of them ended by CRLF, but for those of the connection. */
export function addLines(lines: string, to: string[]): void {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at)
    const colon = lines.indexOf(':', at)
    const name = lines.slice(at, colon).toLowerCase()
    if (!CONNECTION_FIELDS.has(name)) to.push(name, withoutBlanks(lines, colon + 1, end))
    at = end + 2
  }
}

/** No pattern: one for blanks at the end would look at those in the middle again and again. */
function withoutBlanks(text: string, start: number, end: number): string {
  let [from, to] = [start, end]
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === SP || code === TAB
}
