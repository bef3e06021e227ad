import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Queries } from '../core/admin.ts'
import { messageOf, userFault } from '../core/fault.ts'
import type { Event } from '../core/store.ts'
import type { Clock, Logger } from '../core/time.ts'
import { streamEvents } from './event-stream.ts'
import { checkQuery } from './fields.ts'
import { problemOf, sendProblem } from './problem.ts'
import { EVENTS_QUERY } from './routes/journal.ts'

const MAX_STREAMS = 64

interface Ports {
  readonly queries: Queries
  readonly clock: Clock
  readonly log: Logger
}

/** The event streams that are open, at most MAX_STREAMS. */
export class EventStreams {
  readonly #open = new Set<AbortController>()
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** Answers with a stream until the client goes or `close` is called. */
  async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (this.#open.size >= MAX_STREAMS) {
      const full = userFault('request.limited', `${MAX_STREAMS} event streams are open already`)
      return sendProblem(reply, problemOf(full))
    }
    const closing = new AbortController()
    this.#open.add(closing)
    reply.raw.once('close', () => closing.abort())
    try {
      const { first, afterId } = await this.#start(request)
      begin(reply)
      await streamEvents({ out: reply.raw, signal: closing.signal, ...this.#ports }, first, afterId)
    } catch (error) {
      if (!reply.sent) throw error
      if (!closing.signal.aborted)
        this.#ports.log.warn('an event stream broke off', { error: messageOf(error) })
    } finally {
      this.#open.delete(closing)
      if (reply.sent) reply.raw.end()
    }
    return reply
  }

  close(): void {
    for (const closing of this.#open) closing.abort()
  }

  /** What to send first and after which event to go on: where the client left off, else with the newest `limit`, else from now. */
  async #start(request: FastifyRequest): Promise<{ first: readonly Event[]; afterId: number }> {
    const query = checkQuery(EVENTS_QUERY, request.query as Record<string, unknown>)
    const left = Number(request.headers['last-event-id'] ?? query.after ?? Number.NaN)
    const newest = await this.#ports.queries.lastEvents(query.limit ?? 1)
    const newestId = newest.at(-1)?.id ?? 0
    // An id from before the state directory was lost lies ahead of every event: go on from the newest instead.
    if (Number.isSafeInteger(left)) return { first: [], afterId: Math.min(left, newestId) }
    return query.limit === undefined ? { first: [], afterId: newestId } : { first: newest, afterId: newestId }
  }
}

function begin(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}
