import type { Fault, FaultCode } from '../../../core/fault.ts'
import type { Clock } from '../../../core/time.ts'
import type { Call, CallCloud } from '../client/client.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import { faultOf } from '../faults.ts'

/** A balancer takes one change at a time, and seconds for each. */
const AGAIN_MS = 1_000
const PATIENCE_MS = 60_000

export interface Means {
  readonly call: CallCloud
  readonly clock: Clock
}

/** Makes a call, again while the cloud is at another change of the same balancer or group. Throws Fault. */
export async function patiently<T>(
  means: Means,
  wanted: Call<T>,
  doing: string,
  signal: AbortSignal,
): Promise<T> {
  const outcome = await patientOutcome(means, wanted, signal)
  if (outcome.ok) return outcome.value
  throw failed(doing, outcome)
}

/** The same, for whoever expects to be refused. */
export async function patientOutcome<T>(
  { call, clock }: Means,
  wanted: Call<T>,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  const endAt = clock.now() + PATIENCE_MS
  for (;;) {
    const outcome = await call(wanted, signal)
    if (outcome.ok || outcome.fault.kind !== 'busy' || clock.now() >= endAt) return outcome
    await clock.sleep(AGAIN_MS, signal)
  }
}

export function failed(doing: string, { fault }: Extract<Outcome<unknown>, { ok: false }>): Fault {
  const code: FaultCode = fault.kind === 'refused' ? 'balancer.refused' : 'balancer.unreachable'
  return faultOf(code, doing, fault)
}

/** As many as one call takes. */
export function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}
