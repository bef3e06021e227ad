import { addLines } from './raw-headers.ts'

/** An HTTP/1.1 head, as `writeRequestHead` makes it, as it goes to a server that speaks HTTP/2. */
export function requestHeaders(head: Buffer, scheme: 'http' | 'https'): string[] {
  const text = head.toString('latin1')
  const lineEnd = text.indexOf('\r\n')
  const methodEnd = text.indexOf(' ')
  const targetEnd = text.lastIndexOf(' ', lineEnd)
  const fields: string[] = []
  addLines(text.slice(lineEnd + 2, -2), fields)
  let authority = ''
  const raw: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at]!
    if (name === 'host') authority = fields[at + 1]!
    else raw.push(name, fields[at + 1]!)
  }
  const path = text.slice(methodEnd + 1, targetEnd)
  const method = text.slice(0, methodEnd)
  return [':method', method, ':scheme', scheme, ':authority', authority, ':path', path, ...raw]
}
