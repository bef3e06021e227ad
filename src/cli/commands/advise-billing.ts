import { billingOf } from '../../core/billing.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { type LoadContext, type LoadOptions, readLoad } from '../load.ts'
import type { Output } from '../output.ts'
import { table } from '../table.ts'

export interface AdviseBillingOptions
  extends Pick<
    LoadOptions,
    'trace' | 'from' | 'fleet' | 'prometheus' | 'query' | 'since' | 'until' | 'step'
  > {
  /** 0.2 = a fifth more than the peak. */
  readonly headroom: number
}

/** What is shorter does not know a night. */
const DAY_MS: Millis = 24 * 3_600_000

/** `tidegate advise billing`: by traffic or by bandwidth. */
export async function adviseBilling(
  options: AdviseBillingOptions,
  { out, json, ...context }: LoadContext & { readonly out: Output; readonly json: boolean },
): Promise<number> {
  const { trace: file, from = file === undefined ? 'journal' : undefined } = options
  const wanted = { ...options, ...(from !== undefined && { from }), metric: 'bandwidth' }
  const { name, trace, notes } = await readLoad(wanted, context)
  for (const note of notes) out.note(note)
  if (file !== undefined || options.query !== undefined) out.note(`${name} is taken for bits a second`)
  const spanMs = trace.values.length * trace.stepMs
  if (spanMs < DAY_MS)
    out.note(
      `the traffic of ${formatDuration(spanMs)} stands for a month: a day at least would tell its nights, a week its weekends`,
    )
  const billing = billingOf(trace, options.headroom)
  if (json) {
    out.json({ trace: name, stepMs: trace.stepMs, ...billing })
    return 0
  }
  const { meanMbit, peakMbit, byTraffic, byBandwidth, cheaper, evenAt } = billing
  const { say } = out
  const step = formatDuration(trace.stepMs)
  out.line(`${meanMbit.toFixed(2)} Mbit/s on the mean, ${peakMbit.toFixed(2)} at the peak (means of ${step})`)
  const rows = [
    [say('by traffic'), `${byTraffic.gb.toFixed(2)} GB`, byTraffic.cost.toFixed(2)],
    [say('by bandwidth'), `${byBandwidth.mbit} Mbit/s`, byBandwidth.cost.toFixed(2)],
  ]
  for (const line of table(['PAID', '>OF', '>A MONTH'], rows, say)) out.quote(line)
  const share = Math.round((100 * meanMbit) / byBandwidth.mbit)
  const even = Math.round(100 * evenAt)
  out.line(`${cheaper} costs less: ${share}% of the bandwidth is used, and both cost the same at ${even}%`)
  out.line(
    'in CNY, without the instance: list prices of 2019 for CLB and EIP in Hangzhou; ALB is paid as its EIPs are',
  )
  return 0
}
