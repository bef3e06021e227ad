import { Fault } from '../core/fault.ts'
import type { LaunchReceipt } from '../core/fleet.ts'
import type { Intent, Receipt, Step } from '../core/step.ts'
import type { Clock, Millis } from '../core/time.ts'
import type { Flights } from './flights.ts'
import type { FleetPorts } from './ports.ts'
import { atMost, within } from './within.ts'

/** How long a tick waits for the steps that it starts. */
const WAIT_MS = 500
/** After these a step counts as unanswered. A cloud may take 90 s to accept a launch. */
const LIMIT_MS: Readonly<Record<Step['kind'], Millis>> = {
  launch: 120_000,
  put: 30_000,
  confirm: 30_000,
  drop: 30_000,
  retire: 60_000,
  park: 60_000,
}

export type ActPorts = Pick<FleetPorts, 'fleet' | 'balancer' | 'clock'>

/** Starts the steps; gives the receipts of those that settle at once. The others stay in `flights`. The only writes. */
export async function act(
  intents: readonly Intent[],
  ports: ActPorts,
  flights: Flights,
): Promise<readonly Receipt[]> {
  if (intents.length === 0) return []
  const tokens = intents.map((intent) => intent.token)
  for (const intent of intents) flights.start(intent.token, ports.clock.now(), perform(intent, ports))
  await atMost(ports.clock, WAIT_MS, flights.landed(tokens))
  const receipts = flights.receipts()
  const flying = flights.flying()
  return tokens.flatMap((token) => (flying.has(token) ? [] : (receipts.get(token) ?? [])))
}

async function perform(intent: Intent, ports: ActPorts): Promise<Receipt> {
  const { token, step } = intent
  try {
    const launched = await within(ports.clock, LIMIT_MS[step.kind], (signal) => write(intent, ports, signal))
    return { token, at: ports.clock.now(), ok: true, launched }
  } catch (error) {
    // A newer controller has taken over: going on would be two hands on one world.
    if (!(error instanceof Fault) || error.code === 'balancer.stale-epoch') throw error
    return refusal(step, token, error, ports.clock)
  }
}

async function write(intent: Intent, ports: ActPorts, signal: AbortSignal): Promise<LaunchReceipt | null> {
  const { step, token } = intent
  switch (step.kind) {
    case 'launch':
      return await ports.fleet.launch({ ...step.request, token }, signal)
    case 'put':
      await ports.balancer.put(step.pool, step.members, signal)
      return null
    case 'confirm':
      await ports.fleet.confirm(step.ids, signal)
      return null
    case 'drop':
      await ports.balancer.drop(step.pool, step.ids, signal)
      return null
    case 'retire':
      await ports.fleet.retire(step.ids, signal)
      return null
    case 'park':
      await ports.fleet.park?.(step.ids, signal)
      return null
    default:
      return step satisfies never
  }
}

/** Unknown when the answer was lost: a launch whose connection broke may well have started servers. */
function refusal(step: Step, token: string, fault: Fault, clock: Clock): Receipt {
  const lost = fault.code === 'timeout' || fault.source === 'network'
  const unknown = fault.retry === 'unknown' || (step.kind === 'launch' && lost)
  return { token, at: clock.now(), ok: false, unknown, code: fault.code, message: fault.message }
}
