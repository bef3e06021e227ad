import type { Decision } from '../../src/core/scaling.ts'
import { GUARDS } from '../../src/scaling/decide.ts'
import type { Seen } from './seen.ts'

/** Every policy is heard, every reading that it needs is there, and the reasons lead from what the fleet has to what it wants, without a
 *  step missing. */
export function reasons({ decision, view, policies, entries }: Seen): string | null {
  return (
    heard(decision, policies) ??
    chain(decision) ??
    guards({ decision, view, policies }) ??
    readings(policies, entries)
  )
}

function heard({ opinions, because }: Decision, policies: Seen['policies']): string | null {
  const names = opinions.map(({ policy }) => policy).join(', ')
  const expected = policies.map(({ name }) => name).join(', ')
  if (names !== expected) return `has opinions of ${names}, not of ${expected}`
  const mute = opinions.find(({ why }) => why === '')
  if (mute) return `${mute.policy} does not say why`
  if (because.some(({ by }) => by === 'order:stop')) return null
  const unheard = opinions.find(
    ({ policy, want }) => want !== null && !because.some(({ by }) => by === `policy:${policy}`),
  )
  return unheard ? `the floor of ${unheard.policy} is no reason` : null
}

function chain({ have, want, because }: Decision): string | null {
  if (because.length === 0) return 'gives no reason'
  let at = have
  for (const { by, from, to, says } of because) {
    if (says === '') return `${by} does not say why`
    if (from !== at) return `${by} goes on from ${from}, but it was ${at}`
    at = to
  }
  return at === want ? null : `the reasons lead to ${at}, not to ${want}`
}

/** Each guard by itself: whoever changes the number has a reason of its own among those of the decision. */
function guards({ decision, view, policies }: Pick<Seen, 'decision' | 'view' | 'policies'>): string | null {
  if (decision.because.some(({ by }) => by === 'order:stop')) return null
  const voiced = decision.opinions.filter(({ want }) => want !== null).length
  const silent = decision.raw === null && (voiced === 0 || voiced < policies.length) ? 1 : 0
  const before = decision.because.slice(0, silent + voiced)
  let so: Decision = { ...decision, want: decision.raw ?? decision.have, because: before }
  const missing = GUARDS.find((guard) => {
    const next = guard.check(so, view, policies)
    const changed = next.want !== so.want
    const given = decision.because[next.because.length - 1]
    so = next
    return changed && given?.by !== next.because.at(-1)?.by
  })
  return missing ? `the change by the guard ${missing.name} has no reason` : null
}

function readings(policies: Seen['policies'], { decision, tick }: Seen['entries']): string | null {
  const needed = policies.flatMap(({ metrics }) => metrics)
  const kept = decision?.readings ?? tick.readings
  const missing = needed.filter((metric) => kept[metric] === undefined)
  return missing.length === 0 ? null : `the journal has no reading of ${missing.join(', ')}`
}
