import type { Socket } from 'node:net'
import type { HttpCheckSpec } from '../core/health.ts'
import { MAX_ANSWER_BYTES } from './answer.ts'
import type { Attempt } from './attempt.ts'
import { type Framing, HttpBody } from './http-body.ts'
import { headersOf } from './http-request.ts'

/** What becomes of an answer. */
export interface Judge {
  /** `location`: null when there is none. True = the body is to be read. */
  head(status: number, location: () => string | null): boolean
  /** All of it, or its first MAX_ANSWER_BYTES and a little more. */
  body(bytes: Buffer): void
}

export interface Asked {
  readonly spec: HttpCheckSpec
  readonly path: string
  readonly authority: string
}

/** A server that answers with more than this before its head ends has failed. */
const MAX_HEAD_BYTES = 16 * 1024

/** Asks by HTTP/1.0 or 1.1, over a connection that serves for nothing else. */
export function askHttp1(attempt: Attempt, socket: Socket, asked: Asked, judge: Judge): void {
  socket.setEncoding('latin1')
  socket.write(requestText(asked))
  let text = ''
  let body: HttpBody | null = null
  socket.on('data', (piece: string) => {
    if (body !== null) return feed(attempt, body, piece, judge)
    text += piece
    const head = finalHead(text)
    if (head === 'malformed') attempt.finish(false, 'the answer is not HTTP')
    else if (head !== null) {
      if (!judge.head(head.status, () => fieldOf(head.fields, 'location'))) return
      const framing = framingOf(head, asked.spec.method)
      if (framing === 'malformed') return attempt.finish(false, 'the length of the body is malformed')
      body = new HttpBody(framing)
      feed(attempt, body, head.rest, judge)
    } else if (text.length > MAX_HEAD_BYTES) {
      attempt.finish(false, `no end of the head in ${MAX_HEAD_BYTES} bytes`)
    }
  })
  socket.on('end', () => {
    if (body?.endsWithConnection) judge.body(body.bytes)
    else attempt.finish(false, `closed before the end of the ${body === null ? 'head' : 'body'}`)
  })
}

function requestText({ spec, path, authority }: Asked): string {
  const lines = headersOf(spec).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${spec.method} ${path} HTTP/${spec.version}\r\nHost: ${authority}\r\n${lines.join('')}Connection: close\r\n\r\n`
}

function feed(attempt: Attempt, body: HttpBody, piece: string, judge: Judge): void {
  const ended = body.push(piece)
  if (ended === 'malformed') attempt.finish(false, 'the chunks of the body are malformed')
  else if (ended || body.length > MAX_ANSWER_BYTES) judge.body(body.bytes)
}

export interface FinalHead {
  readonly status: number
  /** Its header lines. */
  readonly fields: string
  /** What came behind it. */
  readonly rest: string
}

const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n/
const HEAD_END = /\r?\n\r?\n/

/** The head of the first answer that is not 1xx, once it is whole; null = more is to come. */
export function finalHead(text: string): FinalHead | 'malformed' | null {
  let rest = text
  for (;;) {
    if (rest.length > 0 && !rest.startsWith('HTTP/1.'.slice(0, rest.length))) return 'malformed'
    const end = HEAD_END.exec(rest)
    if (!end) return null
    const line = STATUS_LINE.exec(rest)
    if (!line) return 'malformed'
    const status = Number(line[1])
    const behind = end.index + end[0].length
    if (status >= 200 || status === 101) {
      return { status, fields: rest.slice(line[0].length - 1, behind), rest: rest.slice(behind) }
    }
    rest = rest.slice(behind)
  }
}

function framingOf({ status, fields }: FinalHead, method: string): Framing | 'malformed' {
  if (method === 'HEAD' || status === 101 || status === 204 || status === 304) return { length: 0 }
  const coding = fieldOf(fields, 'transfer-encoding')
  if (coding !== null) return /(?:^|,)\s*chunked$/i.test(coding) ? 'chunked' : 'close'
  const length = fieldOf(fields, 'content-length')
  if (length === null) return 'close'
  return /^\d{1,15}$/.test(length) ? { length: Number(length) } : 'malformed'
}

/** The first value of a header; null when there is none. */
function fieldOf(fields: string, name: string): string | null {
  return new RegExp(`\\n${name}:[ \\t]*([^\\r\\n]*?)[ \\t]*\\r?\\n`, 'i').exec(fields)?.[1] ?? null
}
