import { Buffer } from 'node:buffer'

const SLAB_BYTES = 64 * 1024
const SHORT_BYTES = 48

/**
 * Where messages are put together before their one write. Bytes once taken are never written again, so a socket may
 * hold them as long as it likes; a full slab is left to the collector.
 */
export class Output {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #from = 0
  #to = 0

  /** Bytes added since the last `take`. */
  get length(): number {
    return this.#to - this.#from
  }

  copy(bytes: Buffer, start: number, end: number): void {
    const length = end - start
    this.#reserve(length)
    const slab = this.#slab
    let to = this.#to
    // A call into the runtime costs more than a few dozen bytes in a loop.
    if (length > SHORT_BYTES) bytes.copy(slab, to, start, end)
    else for (let at = start; at < end; at++) slab[to++] = bytes[at]!
    this.#to += length
  }

  add(bytes: Buffer): void {
    this.copy(bytes, 0, bytes.length)
  }

  /** Latin-1 text; the caller vouches for it. */
  text(text: string): void {
    const length = text.length
    this.#reserve(length)
    const slab = this.#slab
    let to = this.#to
    if (length > SHORT_BYTES) slab.write(text, to, 'latin1')
    else for (let at = 0; at < length; at++) slab[to++] = text.charCodeAt(at)
    this.#to += length
  }

  byte(byte: number): void {
    this.#reserve(1)
    this.#slab[this.#to++] = byte
  }

  /** What was added since the last time, as one buffer that is the caller's. */
  take(): Buffer {
    const taken = this.#slab.subarray(this.#from, this.#to)
    this.#from = this.#to
    return taken
  }

  /** Forgets what was added since the last `take`. */
  discard(): void {
    this.#to = this.#from
  }

  #reserve(bytes: number): void {
    if (this.#to + bytes <= this.#slab.length) return
    const length = this.length
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (length + bytes)))
    this.#slab.copy(slab, 0, this.#from, this.#to)
    this.#slab = slab
    this.#from = 0
    this.#to = length
  }
}
