import type { OnReadOpts, Socket } from 'node:net'
import { Output } from '../http1/output.ts'

/** A read beyond this is one of a busy connection; up to this a copy costs less than a buffer to keep. */
const SHORT_BYTES = 4 * 1024
const BUFFER_BYTES = 64 * 1024
/** Buffers that are kept for whoever is busy next. */
const MOST_FREE = 64

/** When memory that bytes were read into may be used for the next ones: at once, after `settle`, or never. */
export type Memory = 'free' | 'lent' | 'kept'

/** What one worker's connections read into: memory made for each read costs more than the bytes in it. */
export class ReadBuffers {
  /** Of all quiet connections. The next read of any of them overwrites it. */
  readonly shared = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  readonly #free: Buffer[] = []
  readonly #copies = new Output()

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
  }

  give(buffer: Buffer): void {
    if (this.#free.length < MOST_FREE) this.#free.push(buffer)
  }

  /** The first bytes of `shared`, for good. */
  copy(bytes: number): Buffer {
    this.#copies.copy(this.shared, 0, bytes)
    return this.#copies.take()
  }
}

/** How bytes come to whoever owns a connection. */
interface Taker {
  /** As `Reads.sink`. */
  onRead(bytes: Buffer): Memory
  onData(bytes: Buffer): void
}

/** From here on the connection is read: into memory of ours where it was opened so, else as the stream gives it. */
export function readInto(taker: Taker, socket: Socket, reads: Reads | null): void {
  if (reads === null) {
    socket.on('data', (bytes: Buffer) => taker.onData(bytes))
    return
  }
  reads.sink = (bytes) => taker.onRead(bytes)
  socket.resume()
}

/** Of one connection that is opened with `onread`: where its bytes are read into, and who gets them. */
export class Reads {
  readonly onread: OnReadOpts
  /** Gets what was read, and says what becomes of the memory. Of several lent pieces `settle` gives back the last; the others are left to the collector. */
  sink: (bytes: Buffer) => Memory = () => 'free'
  readonly #buffers: ReadBuffers
  #lent: Buffer | null = null
  #next: Buffer

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers
    this.#next = buffers.shared
    this.onread = {
      buffer: () => this.#next,
      callback: (bytes, buffer) => this.#read(bytes, buffer as Buffer),
    }
  }

  /** The sink is done with what it had kept, too. */
  settle(): void {
    if (this.#lent !== null) this.#buffers.give(this.#lent)
    this.#lent = null
  }

  /** Whoever has what is lent will not say when it is done: a later `settle` is about something else. */
  forget(): void {
    this.#lent = null
  }

  #read(bytes: number, into: Buffer): boolean {
    const buffers = this.#buffers
    const isShort = bytes <= SHORT_BYTES
    if (into !== buffers.shared) this.#pass(bytes, into, isShort)
    else if (isShort) this.sink(buffers.copy(bytes))
    else {
      const own = buffers.take()
      into.copy(own, 0, 0, bytes)
      this.#pass(bytes, own, false)
    }
    return true
  }

  /** What stands in a buffer of this connection's own. One that has become quiet is of more use to others. */
  #pass(bytes: number, own: Buffer, isShort: boolean): void {
    const memory = this.sink(own.subarray(0, bytes))
    if (memory === 'lent') this.#lent = own
    if (memory === 'free' && isShort) this.#buffers.give(own)
    if (isShort) this.#next = this.#buffers.shared
    else this.#next = memory === 'free' ? own : this.#buffers.take()
  }
}
