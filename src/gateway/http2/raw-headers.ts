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

const BLANK = /^[ \t]+|[ \t]+$/g

/** Appends the fields of header lines, each of them ended by CRLF, but for those of the connection. */
export function addLines(lines: string, to: string[]): void {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at)
    const colon = lines.indexOf(':', at)
    const name = lines.slice(at, colon).toLowerCase()
    if (!CONNECTION_FIELDS.has(name)) to.push(name, lines.slice(colon + 1, end).replace(BLANK, ''))
    at = end + 2
  }
}
