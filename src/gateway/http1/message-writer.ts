import type { Socket } from 'node:net'
import { writeChunkSize, writeLastChunk } from '../http1/chunked.ts'
import type { Output } from '../http1/output.ts'
import type { Memory } from '../worker/reads.ts'

/** Up to here a copy costs less than a second buffer in the write. */
export const COPIED_BYTES = 2048

/**
 * Puts one message, or the next part of one, into one write to a socket. Between `begin` and `flush` no other event may
 * run: the output is shared by all connections of the worker.
 */
export class MessageWriter {
  readonly out: Output
  /** Written so far, framing included. */
  bytes = 0
  readonly #socket: Socket
  #corked = false
  /** What is written waits behind what was written before. */
  #isBehind = false
  /** Some of it was given to the socket as it stood in its reader's memory. */
  #hasSlices = false

  constructor(socket: Socket, out: Output) {
    this.#socket = socket
    this.out = out
  }

  begin(): void {
    this.out.discard()
  }

  data(chunked: boolean, bytes: Buffer, start: number, end: number): void {
    if (start === end) return
    if (chunked) writeChunkSize(end - start, this.out)
    if (end - start <= COPIED_BYTES) this.out.copy(bytes, start, end)
    else this.#slice(bytes.subarray(start, end))
    if (chunked) this.out.text('\r\n')
  }

  end(chunked: boolean, trailers: Buffer | null): void {
    if (chunked) writeLastChunk(trailers, this.out)
  }

  /** What has been put together since `begin` goes nowhere: it would be found by the next one to use the output. */
  discard(): void {
    this.out.discard()
  }

  /** A part that may be sent again later, so not put together with others. */
  whole(bytes: Buffer): void {
    this.bytes += bytes.length
    this.#socket.write(bytes)
  }

  /** Sends everything since `begin`. False = wait for 'drain' before more. */
  flush(): boolean {
    this.#takeOut()
    if (this.#corked) {
      this.#corked = false
      this.#socket.uncork()
    }
    return !this.#socket.writableNeedDrain
  }

  /** Of the parts of bodies that it has been given. */
  get memory(): Memory {
    if (this.#hasSlices && this.#socket.writableLength === 0) this.#hasSlices = false
    return this.#hasSlices ? 'lent' : 'free'
  }

  #slice(slice: Buffer): void {
    if (!this.#corked) {
      this.#isBehind = this.#socket.writableLength > 0
      this.#corked = true
      this.#socket.cork()
    }
    this.#takeOut()
    this.bytes += slice.length
    if (!this.#isBehind) this.#hasSlices = true
    // Many short slices would each hold their reader's whole buffer while they wait.
    this.#socket.write(this.#isBehind ? Buffer.from(slice) : slice)
  }

  #takeOut(): void {
    if (this.out.length === 0) return
    const taken = this.out.take()
    this.bytes += taken.length
    this.#socket.write(taken)
  }
}
