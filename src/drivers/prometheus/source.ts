import { Fault, messageOf } from '../../core/fault.ts'
import type { MetricName, MetricSource, Reading, Sample } from '../../core/metrics.ts'
import type { Clock, Millis } from '../../core/time.ts'
import type { Ask } from './client.ts'
import { fillQuery, instantQuery } from './query.ts'
import { newestQuery } from './selectors.ts'

/** Beyond this a time is none: Prometheus itself looks back 5 minutes, unless it is told otherwise. */
const FARTHEST_MS = 3_600_000
/** A query that nobody has asked for in so many rounds is forgotten. */
const FORGET_ROUNDS = 20
const NEVER = new AbortController().signal

/** What one query last said, and the call that is under way. */
interface Entry {
  askedAt: Millis
  /** When somebody last wanted to know. */
  wantedAt: Millis
  answered: { readonly at: Millis; readonly reading: Reading } | null
  flight: Promise<Reading> | null
}

interface Pace {
  readonly clock: Clock
  /** A query is asked this often, while somebody wants to know. */
  readonly everyMs: Millis
  /** Of one answer. */
  readonly timeoutMs: Millis
}

/** Answers from what each query said last while it asks again, and waits only when there is no answer that is recent. So a slow
 *  Prometheus holds nobody up, and one that is gone is `unreachable` in each reading. */
export function prometheusSource(
  ask: Ask,
  queries: Readonly<Record<MetricName, string>>,
  { clock, everyMs, timeoutMs }: Pace,
): MetricSource {
  const recentMs = 2 * everyMs + timeoutMs
  const entries = new Map<string, Entry>()
  const answer = (text: string): Reading | Promise<Reading> => {
    const now = clock.now()
    const entry = entries.get(text) ?? {
      askedAt: Number.NEGATIVE_INFINITY,
      wantedAt: now,
      answered: null,
      flight: null,
    }
    entries.set(text, entry)
    entry.wantedAt = now
    if (entry.flight === null && now - entry.askedAt >= everyMs) {
      entry.askedAt = now
      entry.flight = readingOf(ask, text, clock).then((reading) => {
        entry.flight = null
        entry.answered = { at: clock.now(), reading }
        return reading
      })
    }
    const { answered, flight } = entry
    return answered && (flight === null || now - answered.at < recentMs) ? answered.reading : flight!
  }
  return {
    async read(asked) {
      for (const [text, { wantedAt }] of entries)
        if (clock.now() - wantedAt > FORGET_ROUNDS * everyMs) entries.delete(text)
      return await Promise.all(
        asked.map((query): Reading | Promise<Reading> => {
          const text = Object.hasOwn(queries, query.metric) ? queries[query.metric] : undefined
          if (text !== undefined) return answer(fillQuery(text, query))
          return { ok: false, at: clock.now(), why: 'no-data', detail: `no query is named ${query.metric}` }
        }),
      )
    },
  }
}

async function readingOf(ask: Ask, text: string, clock: Clock): Promise<Reading> {
  const none = (why: 'no-data' | 'unreachable', detail: string): Reading => ({
    ok: false,
    at: clock.now(),
    why,
    detail,
  })
  try {
    const [series, newestAt] = await Promise.all([instantQuery(ask, text, NEVER), newestOf(ask, text)])
    const [first, second] = series
    if (!first) return none('no-data', 'the query gives no series')
    if (second)
      return none(
        'no-data',
        `the query gives ${series.length} series, expected one: put sum(), avg() or max() around it`,
      )
    const sample = first.samples[0]!
    if (!Number.isFinite(sample.value)) return none('no-data', `the query gives ${sample.value}`)
    return { ok: true, sample: dated(sample, newestAt, clock.now()) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return none(error.source === 'user' ? 'no-data' : 'unreachable', messageOf(error))
  }
}

/** When the newest of the samples that the query reads was taken; null when that cannot be known, as of `vector(1)`. */
async function newestOf(ask: Ask, text: string): Promise<Millis | null> {
  const query = newestQuery(text)
  if (query === null) return null
  // A query that has no answer of its own fails itself, and says why.
  const series = await instantQuery(ask, query, NEVER).catch((error: unknown) => {
    if (error instanceof Fault && error.source === 'user') return []
    throw error
  })
  const value = series[0]?.samples[0]?.value
  return value === undefined ? null : Math.round(value * 1000)
}

/** By the sample's own time. Its clock may be ahead of ours, but nothing is of the future. */
function dated({ value, at }: Sample, newestAt: Millis | null, now: Millis): Sample {
  const isTime = newestAt !== null && newestAt <= at && at - newestAt <= FARTHEST_MS
  return { value, at: Math.min(isTime ? newestAt : at, now) }
}
