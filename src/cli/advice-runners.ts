import type { FleetStatus } from '../core/admin.ts'
import type { AdviseOptions } from './advise-commands.ts'
import type { AdviseBillingOptions } from './commands/advise-billing.ts'
import { adviseScaling, pricedBy } from './commands/advise-scaling.ts'
import type { AdviseTuningOptions } from './commands/advise-tuning.ts'
import { isIdle, settingsOf } from './locate.ts'
import { clientOf, type Outer, pastOf, settingsFor } from './outer.ts'
import type { GlobalOptions, Runners } from './program.ts'
import { progressOn } from './progress.ts'

/** The commands that advise. `end` takes the exit code. */
export function adviceRunners(
  outer: Outer,
  end: (exitCode: number) => void,
): Pick<Runners, 'adviseScaling' | 'adviseBilling' | 'adviseTuning'> {
  return {
    adviseTuning: async (options, fleet, wishes) => end(await runAdviseTuning(options, fleet, wishes, outer)),
    adviseScaling: async (options, wishes) => end(await runAdviseScaling(options, wishes, outer)),
    adviseBilling: async (options, wishes) => end(await runAdviseBilling(options, wishes, outer)),
  }
}

/** From figures where there are some, else from what was recorded. */
async function runAdviseScaling(
  options: GlobalOptions,
  { qps, perServer, ...wishes }: AdviseOptions,
  outer: Outer,
): Promise<number> {
  const { io, out } = outer
  const about = { out, json: options.json ?? false }
  if (qps !== undefined && perServer !== undefined) {
    const figures = { ...wishes, qps, perServer }
    if (wishes.fleet === undefined) return adviseScaling(figures, about)
    return adviseScaling(pricedBy(await settingsFor(options, io), figures), about)
  }
  const settings =
    wishes.csv === undefined ? await settingsFor(options, io) : await settingsOf(options, io.load)
  const past = pastOf(options, settings, outer)
  const { adviseMetric } = await import('./commands/advise-metric.ts')
  return await adviseMetric(wishes.fleet, wishes, { ...about, clock: io.clock, settings, past })
}

async function runAdviseBilling(
  options: GlobalOptions,
  wishes: AdviseBillingOptions,
  outer: Outer,
): Promise<number> {
  const { io, out } = outer
  const { adviseBilling } = await import('./commands/advise-billing.ts')
  const past = async () => {
    const settings = await settingsOf(options, io.load)
    return { settings, ...pastOf(options, settings, outer) }
  }
  return await adviseBilling(wishes, { out, json: options.json ?? false, clock: io.clock, past })
}

/** With what a running Tidegate has learned, where one runs. */
async function runAdviseTuning(
  options: GlobalOptions,
  fleet: string | undefined,
  wishes: AdviseTuningOptions,
  outer: Outer,
): Promise<number> {
  const { io, out, begin } = outer
  const settings = await settingsFor(options, io)
  const { adviseTuning } = await import('./commands/advise-tuning.ts')
  const status = async (name: string): Promise<FleetStatus | null> => {
    if (options.api === undefined && isIdle(settings)) return null
    const client = await clientOf(options, io, { note: out.note, signal: begin() })
    return await client.get<FleetStatus>(`/api/v1/fleets/${encodeURIComponent(name)}`)
  }
  const progress = progressOn(io, out)
  const about = { out, json: options.json ?? false, clock: io.clock, progress, settings, status }
  return await adviseTuning(fleet, wishes, { ...about, past: pastOf(options, settings, outer) })
}
