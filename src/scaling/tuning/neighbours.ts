import type { FleetSpec, PolicySpec } from '../../core/policy.ts'
import { type SettingChange, type TunedKey, unitIn, valueKey } from '../../core/tuning.ts'
import type { TuningAims } from '../../core/tuning-spec.ts'

/** A twentieth more or less of a time changes nothing: a time moves so many steps at once. */
const TIME_STEPS = 5
/** How far from the settings as they are, in steps. */
const DISTANCES = [1, 2] as const
const TIMES = {
  'guards.patience.in': 'inPatienceMs',
  'guards.cooldown.in': 'inCooldownMs',
} as const

/** Other settings of a fleet, and the first step to them. */
export interface Neighbour {
  readonly changes: readonly SettingChange[]
  readonly next: readonly SettingChange[]
}

/** The fleet with these values in place; keys that it does not have are passed over. */
export function withValues(
  fleet: FleetSpec,
  values: readonly { readonly key: TunedKey; readonly value: number }[],
): FleetSpec {
  return values.reduce((so, { key, value }) => withValue(so, key, value), fleet)
}

export function withChanges(fleet: FleetSpec, changes: readonly SettingChange[]): FleetSpec {
  return withValues(
    fleet,
    changes.map(({ key, to }) => ({ key, value: to })),
  )
}

function withValue(fleet: FleetSpec, key: TunedKey, value: number): FleetSpec {
  if (key === 'min') return { ...fleet, min: value }
  if (isTime(key)) return { ...fleet, guards: { ...fleet.guards, [TIMES[key]]: value } }
  const policies = fleet.policies.map(
    (policy): PolicySpec => (valueKey(policy) === key ? ({ ...policy, value } as PolicySpec) : policy),
  )
  return { ...fleet, policies }
}

/** null = the fleet has no such setting. */
export function valueIn(fleet: FleetSpec, key: TunedKey): number | null {
  if (key === 'min') return fleet.min
  if (isTime(key)) return fleet.guards[TIMES[key]]
  const policy = fleet.policies.find((one) => valueKey(one) === key)
  return policy !== undefined && 'value' in policy ? policy.value : null
}

function isTime(key: TunedKey): key is keyof typeof TIMES {
  return Object.hasOwn(TIMES, key)
}

/** May a setting be tuned to this value? `file`: the fleet as the file has it, with the value that the bounds are shares of. Pure. */
export function isAllowed(
  file: FleetSpec,
  { key, value }: { readonly key: TunedKey; readonly value: number },
  { least, most }: TuningAims['bounds'],
): boolean {
  const written = valueIn(file, key)
  if (written === null || value < least * written || value > most * written) return false
  if (key === 'min') return value >= 1 && value <= file.max
  // Nothing is busier than all of the time: a target beyond would never be reached.
  return unitIn(key, file) !== 'ratio' || value <= 1
}

/** The settings around those that a fleet has, one at a time, and together those values that are the same of the same metric. `file`: as
 *  for `isAllowed`. Pure. */
export function neighboursOf(
  fleet: FleetSpec,
  file: FleetSpec,
  { step, bounds }: Pick<TuningAims, 'step' | 'bounds'>,
): readonly Neighbour[] {
  const to = (key: TunedKey, steps: number): SettingChange | null => {
    const from = valueIn(fleet, key)
    if (from === null || from <= 0) return null
    const value = moved(key, from, steps, step)
    return value !== from && isAllowed(file, { key, value }, bounds) ? { key, from, to: value } : null
  }
  const all = (keys: readonly TunedKey[], steps: number): readonly SettingChange[] | null => {
    const changes = keys.map((key) => to(key, steps)).filter((change) => change !== null)
    return changes.length === keys.length ? changes : null
  }
  return groupsOf(fleet).flatMap((keys) =>
    [1, -1].flatMap((direction) => {
      const next = all(keys, direction)
      if (next === null) return []
      return DISTANCES.flatMap((distance) => {
        const changes = distance === 1 ? next : all(keys, direction * distance)
        return changes === null ? [] : [{ changes, next }]
      })
    }),
  )
}

function moved(key: TunedKey, from: number, steps: number, step: number): number {
  if (key === 'min') return from + steps * Math.max(1, Math.round(step * from))
  if (isTime(key)) return Math.round((from * (1 + TIME_STEPS * steps * step)) / 1000) * 1000
  return Number((from * (1 + steps * step)).toPrecision(4))
}

/** Keys that move together. */
function groupsOf({ policies }: FleetSpec): readonly (readonly TunedKey[])[] {
  const valued = policies.flatMap((policy) => {
    const key = valueKey(policy)
    return key === null || !('value' in policy) ? [] : [{ key, like: `${policy.metric} ${policy.value}` }]
  })
  const same = [...Map.groupBy(valued, ({ like }) => like).values()].map((all) => all.map(({ key }) => key))
  const single = valued.map(({ key }) => [key])
  return [
    ...same.filter(({ length }) => length > 1),
    ...single,
    ...Object.keys(TIMES).map((key) => [key]),
    ['min'],
  ]
}
