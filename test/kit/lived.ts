import { inServer } from '../../src/scaling/erlang.ts'
import type { SimHistory } from '../../src/simulator/sim-history.ts'

const MINUTE = 60_000
const MINUTES = 3 * 24 * 60

/** Three days until `now` of five servers with 8 slots and 80 requests a second, used to between a fifth and 95 %. */
export async function live(history: SimHistory, fleet: string, now: number): Promise<void> {
  const steps = Array.from({ length: MINUTES }, (_, minute) => {
    const used = 0.575 - 0.375 * Math.cos((minute / 1440) * 2 * Math.PI)
    return { at: now - (MINUTES - minute) * MINUTE, used }
  })
  const series = {
    throughput: ({ used }: { used: number }) => 5 * 80 * used,
    'in-flight': ({ used }: { used: number }) => 5 * inServer({ slots: 8 }, used),
    serving: () => 5,
  }
  for (const [metric, carried] of Object.entries(series))
    await history.import(
      { fleet, metric },
      steps.map((step) => ({ at: step.at, value: carried(step) })),
    )
}
