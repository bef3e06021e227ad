import type { Millis } from '../core/time.ts'
import { Refusal } from './refusal.ts'

const HOST = 'sandbox'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** It is given so much later. */
  readonly delayMs: Millis
  /** It never comes: the connection ends instead. */
  readonly isLost: boolean
}

export function pageAnswer(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html' }, body, delayMs: 0, isLost: false }
}

export function jsonAnswer(status: number, body: object): Answer {
  const headers = { 'content-type': 'application/json;charset=utf-8' }
  return { status, headers, body: JSON.stringify(body), delayMs: 0, isLost: false }
}

/** Throws what is no Refusal: that is a defect. */
export function refusedAnswer(error: unknown, requestId: string): Answer {
  if (!(error instanceof Refusal)) throw error
  const { code, message, status } = error
  return jsonAnswer(status, { RequestId: requestId, HostId: HOST, Code: code, Message: message })
}
