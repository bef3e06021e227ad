import type { Order } from '../../core/order.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { Millis } from '../../core/time.ts'
import type { SettingChange, TuningMeasured, TuningState, TuningStudy } from '../../core/tuning.ts'
import { changesText, settingText } from '../../core/tuning.ts'
import type { Tuned } from '../../core/tuning-spec.ts'
import { formatDuration } from '../../core/units.ts'
import { judge } from './judge.ts'
import { valueIn } from './neighbours.ts'

const DAY: Millis = 86_400_000
/** What was taken back is tried again after so long, then after twice as long, and so on. */
const AGAIN_AFTER_MS: Millis = 7 * DAY
const LONGEST_MS: Millis = 56 * DAY
/** Of directions that were refused. */
const MOST_REFUSED = 20

/** What somebody found out for a fleet's tuning, outside its ticks. */
export type TuningFinding =
  | { readonly kind: 'study'; readonly study: Pick<TuningStudy, 'proposal' | 'says'> }
  | { readonly kind: 'measured'; readonly measured: TuningMeasured }

export interface TuningInput {
  /** With what was tuned in the tick that saw it. */
  readonly fleet: FleetSpec
  readonly now: Millis
  readonly orders: readonly Order[]
  readonly finding: TuningFinding | null
}

export interface Tended {
  /** null = the file does not have the fleet tuned. */
  readonly state: TuningState | null
  /** A sentence each. */
  readonly events: readonly string[]
}

export const UNTUNED: TuningState = { tuned: [], held: false, studied: null, probation: null, refused: [] }

/**
 *   (nothing) -> on probation       a step of a proposal is applied: by itself where the file allows it, or by order
 *   on probation -> tuned           it is measured to be no worse
 *   on probation -> as before       it is worse, or by order: its direction is refused for a while
 *   tuned -> as the file            by order, or when the file has another value
 *
 *  What a tick makes of it. Pure.
 */
export function tend(before: TuningState | null, input: TuningInput): Tended {
  const { fleet, orders, finding } = input
  if (fleet.tuning === undefined) return ended(before, fleet)
  let tended = dropped(before ?? UNTUNED, fleet)
  for (const order of orders)
    if (order.kind === 'tuning') tended = then(tended, (state) => obey(state, order, input))
  if (finding === null) return tended
  return then(tended, (state) =>
    finding.kind === 'study'
      ? studied(state, finding.study, input)
      : measured(state, finding.measured, input),
  )
}

type Reached = Tended & { readonly state: TuningState }

function then(tended: Reached, next: (state: TuningState) => Reached): Reached {
  const { state, events } = next(tended.state)
  return { state, events: [...tended.events, ...events] }
}

function ended(before: TuningState | null, { name }: FleetSpec): Tended {
  const events =
    before === null || before.tuned.length === 0
      ? []
      : [`${name}: the file has it tuned no more, and its own settings hold again`]
  return { state: null, events }
}

/** The tick that saw it has left out what holds no more. */
function dropped(state: TuningState, fleet: FleetSpec): Reached {
  const held = fleet.tuned ?? []
  const gone = state.tuned.filter(({ key }) => !held.some((one) => one.key === key))
  if (gone.length === 0) return { state, events: [] }
  const names = gone.map(({ key }) => key).join(', ')
  const probation = state.probation?.changes.some(({ key }) => gone.some((one) => one.key === key))
    ? null
    : state.probation
  return {
    state: { ...state, tuned: state.tuned.filter((one) => !gone.includes(one)), probation },
    events: [
      `${fleet.name}: the file has another value of ${names}, so that what was tuned of it holds no more`,
    ],
  }
}

function obey(state: TuningState, order: Order & { kind: 'tuning' }, input: TuningInput): Reached {
  const { fleet, now } = input
  switch (order.action) {
    case 'apply':
      return applied(state, order.by, input)
    case 'revert': {
      if (state.tuned.length === 0)
        return { state, events: [`${fleet.name}: nothing is tuned that could be taken back`] }
      const changes = state.tuned.map(({ key, file, value }) => ({ key, from: file, to: value }))
      const back = { ...refusing(state, changes, now), tuned: [], probation: null }
      return { state: back, events: [`${fleet.name}: ${order.by} took back ${changesText(changes, fleet)}`] }
    }
    case 'hold':
      return {
        state: { ...state, held: true },
        events: [`${fleet.name}: nothing that is tuned is applied by itself until \`resume\``],
      }
    case 'resume':
      return {
        state: { ...state, held: false, refused: [] },
        events: [`${fleet.name}: what is tuned may be applied by itself again`],
      }
    default:
      return order.action satisfies never
  }
}

function studied(
  state: TuningState,
  { proposal, says }: Pick<TuningStudy, 'proposal' | 'says'>,
  input: TuningInput,
): Reached {
  const { fleet, now } = input
  const next = { ...state, studied: { at: now, says, proposal } }
  const told = {
    state: next,
    events: [`${fleet.name}: ${proposal === null ? 'nothing is proposed' : 'proposal'}: ${says}`],
  }
  if (proposal === null || fleet.tuning?.apply !== 'allowed' || state.held || state.probation !== null)
    return told
  const direction = directionOf(proposal.next)
  const refusal = state.refused.find((one) => one.direction === direction && one.untilAt > now)
  if (refusal === undefined) return then(told, (so) => applied(so, null, input))
  const waits = `${fleet.name}: it was taken back before, and is not tried again for ${formatDuration(refusal.untilAt - now)}`
  return then(told, (so) => ({ state: so, events: [waits] }))
}

/** The first step of what is proposed. `by` null = by itself. */
function applied(state: TuningState, by: string | null, { fleet, now }: TuningInput): Reached {
  const proposal = state.studied?.proposal ?? null
  if (proposal === null)
    return { state, events: [`${fleet.name}: nothing is proposed that could be applied`] }
  if (state.probation !== null)
    return { state, events: [`${fleet.name}: the step before is on probation still`] }
  const studied = { ...state.studied!, proposal: null }
  const changes = proposal.next
  if (changes.some(({ key, from }) => valueIn(fleet, key) !== from))
    return {
      state: { ...state, studied },
      events: [`${fleet.name}: its settings are others than those that were studied`],
    }
  const probationMs = fleet.tuning!.probationMs
  const probation = {
    sinceAt: now,
    untilAt: now + probationMs,
    changes,
    before: state.tuned,
    kind: proposal.kind,
    saving: proposal.nextSaving,
  }
  const who = by === null ? '' : ` by ${by}`
  return {
    state: { ...state, studied, probation, tuned: withSteps(state.tuned, changes) },
    events: [
      `${fleet.name}: applied${who} for a probation of ${formatDuration(probationMs)}: ${changesText(changes, fleet)}`,
    ],
  }
}

/** A setting that has come back to what the file says is tuned no more. */
function withSteps(tuned: readonly Tuned[], changes: readonly SettingChange[]): readonly Tuned[] {
  const others = tuned.filter(({ key }) => !changes.some((change) => change.key === key))
  const moved = changes.map(({ key, from, to }): Tuned => {
    const file = tuned.find((one) => one.key === key)?.file ?? from
    return { key, file, value: to }
  })
  return [...others, ...moved.filter(({ file, value }) => file !== value)]
}

function measured(state: TuningState, found: TuningMeasured, { fleet, now }: TuningInput): Reached {
  const { probation } = state
  if (probation === null || probation.untilAt > now) return { state, events: [] }
  const { stays, says } = judge(probation, found)
  const text = changesText(probation.changes, fleet)
  if (stays)
    return {
      state: { ...state, probation: null },
      events: [`${fleet.name}: ${text} has stood its probation: ${says}`],
    }
  const back = { ...refusing(state, probation.changes, now), tuned: probation.before, probation: null }
  return { state: back, events: [`${fleet.name}: ${text} is taken back: ${says}`] }
}

function refusing(state: TuningState, changes: readonly SettingChange[], now: Millis): TuningState {
  const direction = directionOf(changes)
  const times = 1 + (state.refused.find((one) => one.direction === direction)?.times ?? 0)
  const untilAt = now + Math.min(LONGEST_MS, AGAIN_AFTER_MS * 2 ** (times - 1))
  const others = state.refused.filter((one) => one.direction !== direction)
  return { ...state, refused: [...others, { direction, untilAt, times }].slice(-MOST_REFUSED) }
}

function directionOf(changes: readonly SettingChange[]): string {
  return changes.map(({ key, from, to }) => `${key} ${to > from ? 'up' : 'down'}`).join(', ')
}

/** A line each: `policies.busy.value is 50.4/s in place of 48/s`. */
export function tunedLines(fleet: FleetSpec): readonly string[] {
  return (fleet.tuned ?? []).map(
    ({ key, file, value }) =>
      `${key} is ${settingText(key, value, fleet)} in place of ${settingText(key, file, fleet)}`,
  )
}
