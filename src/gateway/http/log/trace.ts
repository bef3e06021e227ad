import { randomBytes } from 'node:crypto'
import { fieldText } from '../../http1/field-text.ts'
import type { RequestHead } from '../../http1/request-head.ts'
import { isWord } from '../../http1/tokens.ts'

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/

/** The trace that a request belongs to (W3C Trace Context); null = it names none, or not properly. */
export function traceOf(head: RequestHead, bytes: Buffer): string | null {
  return TRACEPARENT.exec(fieldText(bytes, head.lines, 'traceparent') ?? '')?.[1] ?? null
}

/** Begins a trace with a request that belongs to none; gives its id. What was no proper `traceparent` does not go on. */
export function beginTrace(head: RequestHead, bytes: Buffer): string {
  const { lines } = head
  for (let line = 0; line < lines.count; line++) {
    const [start, end] = [lines.start(line), lines.nameEnd(line)]
    if (isWord(bytes, start, end, 'traceparent') || isWord(bytes, start, end, 'tracestate')) lines.drop(line)
  }
  const id = randomBytes(24).toString('hex')
  const trace = id.slice(0, 32)
  head.added += `traceparent: 00-${trace}-${id.slice(32)}-01\r\n`
  return trace
}
