import { readSync, writeSync } from 'node:fs'
import type { Millis } from '../../src/core/time.ts'
import type { HttpAnswer } from '../../src/drivers/alicloud/client/answer.ts'
import type { HttpRequest } from '../../src/drivers/alicloud/client/transport.ts'

/** null = time has gone on, and how is it? */
export interface CloudCall {
  readonly now: Millis
  readonly request: HttpRequest | null
}

export interface CloudSize {
  readonly servers: number
  readonly released: number
}

export type CloudAnswer = HttpAnswer | CloudSize

const LENGTH_BYTES = 4

/** Writes one message. */
export function send(pipe: number, message: object): void {
  const text = Buffer.from(JSON.stringify(message))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(text.length)
  const whole = Buffer.concat([length, text])
  for (let at = 0; at < whole.length; ) at += writeSync(pipe, whole, at)
}

/** Waits for one message; null = the other side has closed. */
export function receive<T>(pipe: number): T | null {
  const length = read(pipe, LENGTH_BYTES)
  const text = length && read(pipe, length.readUInt32BE())
  return text && (JSON.parse(text.toString()) as T)
}

function read(pipe: number, length: number): Buffer | null {
  const whole = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const count = readSync(pipe, whole, at, length - at, null)
    if (count === 0) return null
    at += count
  }
  return whole
}
