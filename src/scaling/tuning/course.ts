import type { Order } from '../../core/order.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { Millis } from '../../core/time.ts'
import type {
  Refusal,
  SettingChange,
  TuningAction,
  TuningMeasured,
  TuningProposal,
  TuningState,
  TuningStudy,
} from '../../core/tuning.ts'
import { changesText, settingText } from '../../core/tuning.ts'
import type { Tuned } from '../../core/tuning-spec.ts'
import { formatDuration } from '../../core/units.ts'
import { judge } from './judge.ts'
import { isAllowed, valueIn } from './neighbours.ts'
import { fileOf } from './overlay.ts'

const MINUTE: Millis = 60_000
const DAY: Millis = 86_400_000
/** What was taken back is tried again after so long, then after twice as long, and so on. */
const AGAIN_AFTER_MS: Millis = 7 * DAY
const LONGEST_MS: Millis = 56 * DAY

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
 *   on probation -> on probation    the load was another: once, for as long again
 *   on probation -> as before       it is worse, or by order: its directions are refused for a while
 *   tuned -> as the file            by order, or when the file has another value, or bounds that leave it out
 *
 *  What a tick makes of it. Pure.
 */
export function tend(before: TuningState | null, input: TuningInput): Tended {
  const { fleet, orders, finding } = input
  if (fleet.tuning === undefined) return ended(before, fleet)
  let tended = dropped(before ?? UNTUNED, input)
  for (const order of orders)
    if (order.kind === 'tuning') tended = then(tended, (state) => obey(state, order, input))
  if (finding === null) return tended
  return then(tended, (state) =>
    finding.kind === 'study'
      ? studied(state, finding.study, input)
      : measured(state, finding.measured, input),
  )
}

/** Why an order would come to nothing now; null = it would not. Asked when it is given, and again when a tick does it: much may have become
 *  of it between. */
export function refusalOf(
  action: TuningAction,
  { studied, probation, tuned }: Pick<TuningState, 'studied' | 'probation' | 'tuned'>,
  { fleet: { name }, now }: { readonly fleet: Pick<FleetSpec, 'name'>; readonly now: Millis },
): string | null {
  if (action === 'apply' && probation !== null) {
    const minutes = Math.ceil((probation.untilAt - now) / MINUTE)
    const still = minutes > 0 ? `for ${formatDuration(minutes * MINUTE)} more` : 'still'
    return `${name}: the step before is on probation ${still}; \`tidegate tuning ${name} revert\` ends it and takes back all that is tuned`
  }
  if (action === 'apply' && !studied?.proposal)
    return `${name}: nothing is proposed that could be applied; \`tidegate advise tuning ${name}\` replays its days now`
  if (action === 'revert' && tuned.length === 0)
    return `${name}: nothing is tuned that could be taken back; the settings of the file hold`
  return null
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
function dropped(state: TuningState, { fleet, now }: TuningInput): Reached {
  const held = fleet.tuned ?? []
  const gone = state.tuned.filter(({ key }) => !held.some((one) => one.key === key))
  if (gone.length === 0) return { state, events: [] }
  const names = gone.map(({ key }) => key).join(', ')
  const isJudged = !state.probation?.changes.some(({ key }) => gone.some((one) => one.key === key))
  const left = retuned(
    state,
    state.tuned.filter((one) => !gone.includes(one)),
    now,
  )
  return {
    state: { ...left, probation: isJudged ? state.probation : null },
    events: [
      `${fleet.name}: the file has another value of ${names}, or bounds that leave out what was tuned of it, so that this holds no more`,
    ],
  }
}

function obey(state: TuningState, order: Order & { kind: 'tuning' }, input: TuningInput): Reached {
  const { fleet, now } = input
  const refusal = refusalOf(order.action, state, input)
  if (refusal !== null) return { state, events: [refusal] }
  switch (order.action) {
    case 'apply':
      return applied(state, state.studied!.proposal!, order.by, input)
    case 'revert': {
      const changes = state.tuned.map(({ key, file, value }) => ({ key, from: file, to: value }))
      const back = refusing(retuned(state, [], now), changes, input)
      return {
        state: { ...back, probation: null },
        events: [`${fleet.name}: ${order.by} took back ${changesText(changes, fleet)}`],
      }
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
  const directions = proposal.next.map(directionOf)
  const refusals = state.refused.filter(({ direction }) => directions.includes(direction))
  const untilAt = Math.max(now, ...refusals.map((one) => one.untilAt))
  if (untilAt === now) return then(told, (so) => applied(so, proposal, null, input))
  const waits = `${fleet.name}: it was taken back before, and is not tried again for ${formatDuration(untilAt - now)}`
  return then(told, (so) => ({ state: so, events: [waits] }))
}

/** The first step of what is proposed. `by` null = by itself. */
function applied(
  state: TuningState,
  proposal: TuningProposal,
  by: string | null,
  { fleet, now }: TuningInput,
): Reached {
  const studied = { ...state.studied!, proposal: null }
  const changes = proposal.next
  const { probationMs, aims } = fleet.tuning!
  const file = fileOf(fleet)
  const isAsStudied = changes.every(
    ({ key, from, to }) => valueIn(fleet, key) === from && isAllowed(file, { key, value: to }, aims.bounds),
  )
  if (!isAsStudied)
    return {
      state: { ...state, studied },
      events: [`${fleet.name}: its settings or bounds are others than those that were studied`],
    }
  const probation = {
    sinceAt: now,
    untilAt: now + probationMs,
    changes,
    before: state.tuned,
    kind: proposal.kind,
    saving: proposal.nextSaving,
    ...(state.tunedAt !== undefined && { steadySinceAt: state.tunedAt }),
  }
  const who = by === null ? '' : ` by ${by}`
  return {
    state: {
      ...retuned(state, withSteps(state.tuned, changes), now),
      studied: { ...studied, isApplied: true },
      probation,
    },
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

function measured(state: TuningState, found: TuningMeasured, input: TuningInput): Reached {
  const { probation } = state
  const { fleet, now } = input
  if (probation === null || probation.untilAt > now) return { state, events: [] }
  const { verdict, says } = judge(probation, found)
  const text = changesText(probation.changes, fleet)
  switch (verdict) {
    case 'stays':
      return {
        state: { ...state, probation: null },
        events: [`${fleet.name}: ${text} has stood its probation: ${says}`],
      }
    case 'goes': {
      const back = refusing(retuned(state, probation.before, now), probation.changes, input)
      return {
        state: { ...back, probation: null },
        events: [`${fleet.name}: ${text} is taken back: ${says}`],
      }
    }
    case 'unlike': {
      const longerMs = probation.untilAt - probation.sinceAt
      const prolonged = { ...probation, untilAt: probation.untilAt + longerMs, prolonged: true } as const
      return {
        state: { ...state, probation: prolonged },
        events: [`${fleet.name}: ${text} stays on probation for ${formatDuration(longerMs)} more: ${says}`],
      }
    }
    default:
      return verdict satisfies never
  }
}

function retuned(state: TuningState, tuned: readonly Tuned[], now: Millis): TuningState {
  return { ...state, tuned, tunedAt: now }
}

/** Of each setting for itself: what was worse with others is worth no try alone, nor the other way round. What is of settings that the fleet
 *  has no more is forgotten. */
function refusing(
  state: TuningState,
  changes: readonly SettingChange[],
  { fleet, now }: TuningInput,
): TuningState {
  const refused = changes.map((change): Refusal => {
    const direction = directionOf(change)
    const times = 1 + (state.refused.find((one) => one.direction === direction)?.times ?? 0)
    return { direction, untilAt: now + Math.min(LONGEST_MS, AGAIN_AFTER_MS * 2 ** (times - 1)), times }
  })
  const others = state.refused.filter(
    ({ direction }) =>
      valueIn(fleet, direction.replace(/ (up|down)$/, '')) !== null &&
      !refused.some((one) => one.direction === direction),
  )
  return { ...state, refused: [...others, ...refused] }
}

function directionOf({ key, from, to }: SettingChange): string {
  return `${key} ${to > from ? 'up' : 'down'}`
}

/** A line each: `policies.busy.value is 50.4/s in place of 48/s`. */
export function tunedLines(fleet: FleetSpec): readonly string[] {
  return (fleet.tuned ?? []).map(
    ({ key, file, value }) =>
      `${key} is ${settingText(key, value, fleet)} in place of ${settingText(key, file, fleet)}`,
  )
}
