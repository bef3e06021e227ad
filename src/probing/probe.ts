import { connect, type Socket } from 'node:net'
import type { HealthSpec } from '../core/balancer.ts'
import { messageOf } from '../core/fault.ts'
import type { Millis } from '../core/time.ts'

export interface ProbeTarget {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  /** What a connection begins with, before the check's own: a header of the PROXY protocol. */
  readonly preamble?: Uint8Array
}

export interface ProbeResult {
  readonly ok: boolean
  /** Until the answer, or until it was given up. */
  readonly ms: Millis
  /** For people: the status, or what went wrong. */
  readonly detail: string
}

export type ProbeCheck = Pick<HealthSpec, 'type' | 'path' | 'expect' | 'timeoutMs'>

/** A server that answers a probe with more than this before its head ends has failed it. */
const MAX_HEAD_BYTES = 16 * 1024

/** One check of one server over a connection of its own. Never throws; when it resolves, its socket is destroyed. */
export function probe(target: ProbeTarget, check: ProbeCheck, signal: AbortSignal): Promise<ProbeResult> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port })
    if (target.preamble) socket.write(target.preamble)
    const timer = setTimeout(() => finish(false, `no answer within ${check.timeoutMs} ms`), check.timeoutMs)
    const cancel = () => finish(false, 'cancelled')
    let finished = false

    function finish(ok: boolean, detail: string): void {
      if (finished) return
      finished = true
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      socket.destroy()
      resolve({ ok, ms: performance.now() - startedAt, detail })
    }

    socket.on('error', (error) => finish(false, messageOf(error)))
    socket.on('close', () => finish(false, 'closed without an answer'))
    if (signal.aborted) return cancel()
    signal.addEventListener('abort', cancel)
    if (check.type === 'tcp') socket.on('connect', () => finish(true, 'connected'))
    else ask(socket, target, check, finish)
  })
}

type Finish = (ok: boolean, detail: string) => void

function ask(socket: Socket, target: ProbeTarget, check: ProbeCheck, finish: Finish): void {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host
  let head = ''
  socket.write(
    `GET ${check.path} HTTP/1.1\r\nHost: ${host}:${target.port}\r\nUser-Agent: tidegate-health\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  )
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    head += text
    const status = finalStatus(head)
    if (status === 'malformed') finish(false, 'the answer is not HTTP')
    else if (status !== null)
      finish(status >= check.expect.from && status <= check.expect.to, `status ${status}`)
    else if (head.length > MAX_HEAD_BYTES) finish(false, `no end of the head in ${MAX_HEAD_BYTES} bytes`)
  })
  socket.on('end', () => finish(false, 'closed before the end of the head'))
}

const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n/
const HEAD_END = /\r?\n\r?\n/

/** The status of the first answer that is not 1xx, once its head is whole; null = more is to come. */
export function finalStatus(text: string): number | 'malformed' | null {
  let rest = text
  for (;;) {
    if (rest.length > 0 && !rest.startsWith('HTTP/1.'.slice(0, rest.length))) return 'malformed'
    const end = HEAD_END.exec(rest)
    if (!end) return null
    const line = STATUS_LINE.exec(rest)
    if (!line) return 'malformed'
    const status = Number(line[1])
    if (status >= 200 || status === 101) return status
    rest = rest.slice(end.index + end[0].length)
  }
}
