import { NO_ALERTS } from '../core/alerts.ts'
import { decide } from '../scaling/decide.ts'
import { othersOf } from '../scaling/others/others.ts'
import { act } from './act.ts'
import { samplesOf } from './history.ts'
import { intend } from './intend.ts'
import { journal } from './journal.ts'
import { measure } from './measure.ts'
import { plan } from './plan.ts'
import type { FleetPorts } from './ports.ts'
import { remember } from './remember.ts'
import { shade } from './shadow.ts'
import type { FleetState } from './state.ts'
import { tendTuning } from './tuning.ts'
import { repeats } from './verdicts.ts'
import { verify } from './verify.ts'

/** One turn of a fleet's loop: the line that the whole program hangs on. Every verb has a file of its name. */
export async function tick(state: FleetState, ports: FleetPorts, signal: AbortSignal): Promise<void> {
  const { settings } = state
  const { fleet, policies, installation, shadow } = settings
  const view = verify(await measure(state, settings, ports, signal)) // the only reads; then: did the open steps land?
  const decision = decide(view, policies) // a number, and every reason for it
  const planned = plan(decision, view) // a list that anyone can print
  const intents = intend(planned, decision, view, { installation, last: state.lastSequence })
  if (intents.length > 0) await ports.store.intend(fleet.name, intents) // written down before they are done
  state.intended(intents)
  const receipts = await act([...repeats(view), ...intents], ports, state.flights) // the only writes
  const shaded = shade(view, decision, shadow, ports.calendar) // what another configuration would do; nobody does it
  const tended = tendTuning(view, state.tuning) // which settings the next tick decides by
  const remembered = remember(view, decision, receipts, policies)
  const next = { ...remembered, ...(shaded && { shadow: shaded.memory }), ...tended.memory }
  const done = {
    intents,
    receipts: [...state.unwritten(view), ...receipts],
    alerts: next.alerts ?? NO_ALERTS,
    others: othersOf(view, next.others ?? {}),
    shaded,
    tended,
  }
  const entries = journal(view, decision, done, state.journalled)
  state.isBehind = true // until it is in the store
  await ports.store.commit(fleet.name, next, entries)
  state.committed({ view, decision, planned, shadow: shaded?.decision ?? null }, next, entries)
  ports.history.append(samplesOf(view, decision, { ...done, spend: next.spend })) // every metric over time; nobody waits for it
}
