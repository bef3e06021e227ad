import { messageOf } from '../core/fault.ts'
import type { HealthSpec } from '../core/health.ts'
import type { Millis } from '../core/time.ts'

export interface ProbeTarget {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  /** What the server is called, when its address was found by a name. */
  readonly name?: string
  /** What a connection to the port of the traffic begins with, before the check's own: a header of the PROXY protocol. */
  readonly preamble?: Uint8Array
}

export interface ProbeResult {
  readonly ok: boolean
  /** Until the answer, or until it was given up. */
  readonly ms: Millis
  /** For people: the status, or what went wrong. */
  readonly detail: string
}

/** What of a pool's rules decides about one check. */
export type ProbeCheck = Omit<HealthSpec, 'intervalMs' | 'unhealthy' | 'healthy'>

/** One check under way. Only its first finish counts; from then on nothing of it is left. */
export interface Attempt {
  finish(ok: boolean, detail: string): void
  /** Called when it is over, or at once when it is. */
  release(what: () => void): void
  /** What it waits for, to be said if that does not come in time. */
  waitFor(what: string): void
}

/** Begins a check. What it throws has failed it. */
export type Begin = (attempt: Attempt) => void

/** Runs a check to its answer, its timeout or the signal. Never throws. */
export function attempt(
  { timeoutMs, latencyMs }: Pick<ProbeCheck, 'timeoutMs' | 'latencyMs'>,
  signal: AbortSignal,
  begin: Begin,
): Promise<ProbeResult> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const releases: (() => void)[] = []
    let awaited = 'no answer'
    const timer = setTimeout(() => finish(false, `${awaited} within ${timeoutMs} ms`), timeoutMs)
    const cancel = () => finish(false, 'cancelled')
    let finished = false

    function finish(ok: boolean, detail: string): void {
      if (finished) return
      finished = true
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      for (const release of releases) release()
      resolve(timed({ ok, ms: performance.now() - startedAt, detail }, latencyMs))
    }

    if (signal.aborted) return cancel()
    signal.addEventListener('abort', cancel)
    try {
      begin({
        finish,
        release: (what) => (finished ? what() : void releases.push(what)),
        waitFor: (what) => (awaited = what),
      })
    } catch (error) {
      finish(false, messageOf(error))
    }
  })
}

function timed(result: ProbeResult, latencyMs: Millis | undefined): ProbeResult {
  if (latencyMs === undefined || !result.ok || result.ms <= latencyMs) return result
  const detail = `${result.detail}, but after ${Math.round(result.ms)} ms; at most ${latencyMs} ms pass`
  return { ...result, ok: false, detail }
}
