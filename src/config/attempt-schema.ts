import { duration, section, whole } from './fields.ts'

const LIMIT = { min: '10ms', max: '1h' }

/** What of a pool decides about the attempts of a request. */
export const TIMEOUTS = section({
  try: duration(
    {
      help: 'From an attempt to the head of its answer; then a safe request is tried on another server. Left out: as long as the listener waits for a response.',
      advice: {
        least: '100ms',
        below: 'a pause of a garbage collection makes servers work on requests that nobody waits for',
      },
    },
    LIMIT,
  ).optional(),
  total: duration(
    {
      help: 'From a request to the head of its answer, all attempts and waiting together; then 504. Left out: no such limit.',
      advice: { least: '1s', below: 'retries have no time to succeed' },
    },
    LIMIT,
  ).optional(),
})

export const HEDGE = section({
  after: duration(
    {
      help: 'A GET, HEAD or OPTIONS without an answer after this time is sent to a second server too, and the first answer counts; at most 5 % of the requests of the last 10 s, or 10 of them, in each worker. Counted in steps of 100 ms. Left out: never.',
      advice: {
        least: '100ms',
        below:
          'the usual answer is still on its way, and the limit of 5 % is used up by requests that were not slow',
      },
    },
    LIMIT,
  ).optional(),
})

const most = (help: string) => whole({ help: `${help} Left out: no such limit.` }, 1, 1_000_000).optional()

export const BREAKER = section({
  requests: most('Requests in flight in the pool, over all workers; more are 503 at once.'),
  'server-requests': most(
    'Requests in flight on one server, over all workers; a full server is passed over.',
  ),
  connections: most(
    'Open connections to all servers of the pool; beyond it requests wait for one, and idle ones give way to them.',
  ),
  pending: most('Requests of the pool that wait for a connection, over all workers; more are 503 at once.'),
  adaptive: whole(
    {
      help: 'Sheds load before the servers collapse: each worker finds by their latency how many requests they serve rather than queue, never fewer than this number; more are 503 at once. Left out: it does not.',
      advice: { least: 4, below: 'one slow request among so few passes for overload' },
    },
    1,
    10_000,
  ).optional(),
})
