const NOTHING = Buffer.alloc(0)
const FAR_BYTES = 16 * 1024

/** What a connection has read and nobody has used yet. */
export class Input {
  bytes: Buffer = NOTHING
  at = 0

  get isEmpty(): boolean {
    return this.bytes.length === 0
  }

  /** So much waits for its turn that no more is read. Up to there a client is, since whoever is not read is not seen to leave. */
  get isFarAhead(): boolean {
    return this.bytes.length - this.at > FAR_BYTES
  }

  get rest(): Buffer {
    return this.bytes.subarray(this.at)
  }

  add(chunk: Buffer): void {
    this.bytes = this.isEmpty ? chunk : Buffer.concat([this.rest, chunk])
    this.at = 0
  }

  /** Moves what is left into memory of its own: it may wait long, and would hold all that it was read with. */
  own(): void {
    if (this.isEmpty) return
    const own = Buffer.allocUnsafeSlow(this.bytes.length - this.at)
    this.bytes.copy(own, 0, this.at)
    this.bytes = own
    this.at = 0
  }

  /** What is before `position` has been used. All used = its memory is held no longer. */
  takeTo(position: number): void {
    if (position < this.bytes.length) this.at = position
    else this.clear()
  }

  clear(): void {
    this.bytes = NOTHING
    this.at = 0
  }
}
