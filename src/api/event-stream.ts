import type { ServerResponse } from 'node:http'
import type { Queries } from '../core/admin.ts'
import type { Event } from '../core/store.ts'
import type { Clock, Millis } from '../core/time.ts'

const POLL_MS = 500
const KEEP_ALIVE_MS = 15_000
const PAGE = 100

interface Stream {
  readonly out: ServerResponse
  readonly queries: Queries
  readonly clock: Clock
  /** Aborts when the client has gone or the API closes. */
  readonly signal: AbortSignal
}

/** Sends events as server-sent events until the signal aborts. The journal is the buffer: a page is read only after the one
 *  before it has left, so that a slow client costs at most one page of memory. */
export async function streamEvents(stream: Stream, first: readonly Event[], afterId: number): Promise<void> {
  const { out, queries, clock, signal } = stream
  let lastId = first.at(-1)?.id ?? afterId
  let lastSentAt: Millis = clock.now()
  await send(stream, `retry: 2000\n\n${first.map(frame).join('')}`)
  while (!signal.aborted && !out.destroyed) {
    const page = await queries.events({ afterId: lastId, limit: PAGE })
    if (page.length > 0 || clock.now() - lastSentAt >= KEEP_ALIVE_MS) {
      lastId = page.at(-1)?.id ?? lastId
      lastSentAt = clock.now()
      await send(stream, page.map(frame).join('') || ': keep-alive\n\n')
    }
    if (page.length < PAGE) await clock.sleep(POLL_MS, signal)
  }
}

function frame(event: Event): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`
}

/** Resolves when the text has left our buffers, rejects when it never will. */
function send({ out, signal }: Stream, text: string): Promise<void> {
  return new Promise((done, failed) => {
    signal.throwIfAborted()
    const gone = (): void => failed(signal.reason)
    signal.addEventListener('abort', gone, { once: true })
    out.write(text, (error) => {
      signal.removeEventListener('abort', gone)
      if (error) failed(error)
      else done()
    })
  })
}
