import type { MetricName, Reading } from '../core/metrics.ts'
import type { Decision, Past, ScalingPolicy, View, Want } from '../core/scaling.ts'
import type { Millis } from '../core/time.ts'
import { lookBackMs, lookedBackOn } from '../scaling/past.ts'

/** A ring holds at most this many entries, whatever policies look back on; who looks back far gets them further apart. */
const MOST = 4000
/** Ticks that follow a step come quickly; their samples would only crowd the ring. */
const CLOSEST_MS = 500
const CLOSEST_WANTS_MS = 1_000
/** Kept however old: fewer would not show how far apart the samples of a slow source are, and so none of its gaps. */
const FEWEST = 8

type Readings = Readonly<Partial<Record<MetricName, Reading>>>

interface LookingBack {
  readonly names: ReadonlySet<MetricName>
  readonly backMs: Millis
}

/** What the next decision may look back on. `besides`: what was read and is not in the view. Pure. */
export function nextPast(
  view: View,
  decision: Decision,
  policies: readonly ScalingPolicy[],
  besides: Readings,
): Past {
  const { guards } = view.fleet
  const backMs = lookBackMs(policies, guards)
  const names = lookedBackOn(policies, guards)
  return {
    samples: samplesOf(view, { ...besides, ...view.readings }, { names, backMs }),
    wants: wantsOf(view, decision, backMs),
    ...(decision.beforeEvents !== undefined && { beforeEvents: decision.beforeEvents }),
    ...(decision.ineffective !== undefined && { ineffective: decision.ineffective }),
  }
}

/** Only of metrics that somebody looks back on: the rings are written with every tick. */
function samplesOf({ past, now }: View, readings: Readings, { names, backMs }: LookingBack): Past['samples'] {
  const apartMs = Math.max(CLOSEST_MS, backMs / MOST)
  const rings = [...names].map((name) => {
    const known = knownOf(past.samples[name] ?? [], now)
    const ring = known.slice(Math.min(firstFrom(known, now - backMs), Math.max(0, known.length - FEWEST)))
    const reading = readings[name]
    const last = ring.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    // What is not a number would make every mean over it nothing, and the journal cannot hold it.
    const good = reading?.ok && Number.isFinite(reading.sample.value)
    if (good && reading.sample.at - last >= apartMs) ring.push(reading.sample)
    return [name, ring.slice(-MOST)] as const
  })
  return Object.fromEntries(rings.filter(([, ring]) => ring.length > 0))
}

/** Without those of the future, which are left over from before the clock was set back. */
function knownOf<Point extends { readonly at: Millis }>(
  ring: readonly Point[],
  now: Millis,
): readonly Point[] {
  return ring.slice(0, ring.findLastIndex(({ at }) => at <= now) + 1)
}

/** The first that is not older, by its index: rings are short at that end. */
function firstFrom(ring: readonly { readonly at: Millis }[], at: Millis): number {
  const first = ring.findIndex((point) => point.at >= at)
  return first < 0 ? ring.length : first
}

/** Of wants that are close to each other only the highest and the lowest stay, and the highest with a place for each missing server: patience
 *  asks for nothing else. */
function wantsOf({ past, now, missing }: View, { raw }: Decision, backMs: Millis): Past['wants'] {
  const known = past.wants.slice(0, past.wants.findLastIndex(({ at }) => at < now) + 1)
  const kept = known.slice(firstFrom(known, now - backMs))
  if (raw === null) return kept
  const apartMs = Math.max(CLOSEST_WANTS_MS, (3 * backMs) / MOST)
  const period = Math.floor(now / apartMs)
  const before = kept.slice(0, kept.findLastIndex(({ at }) => Math.floor(at / apartMs) < period) + 1)
  const close: readonly Want[] = [
    ...kept.slice(before.length),
    { at: now, want: raw, ...(missing > 0 && { missing }) },
  ]
  const wants = close.map(({ want }) => want)
  const placed = close.map((one) => one.want + (one.missing ?? 0))
  const newest = [
    wants.lastIndexOf(Math.max(...wants)),
    wants.lastIndexOf(Math.min(...wants)),
    placed.lastIndexOf(Math.max(...placed)),
  ]
  return [...before, ...close.filter((_want, index) => newest.includes(index))].slice(-MOST)
}
