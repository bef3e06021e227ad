import type { Rival } from './rivals/rival.ts'
import type { Contestant } from './run.ts'

export type Contestants =
  | { readonly ok: true; readonly contestants: readonly Contestant[] }
  | { readonly ok: false; readonly problem: string }

/** `hpa@60,ess`: names with commas, each with the share of a server to aim at in percent, where it has one. */
export function readContestants(text: string, rivals: readonly Rival[]): Contestants {
  const read = text.split(',').map((name) => readOne(name.trim(), rivals))
  const problem = read.find((one) => typeof one === 'string')
  if (problem !== undefined) return { ok: false, problem }
  return { ok: true, contestants: read.filter((one) => typeof one !== 'string') }
}

/** Text = what is wrong. */
function readOne(text: string, rivals: readonly Rival[]): Contestant | string {
  const [, name = '', percent] = /^(.*?)(?:@(.*))?$/.exec(text)!
  const rival = rivals.find((one) => one.name === name)
  if (!rival)
    return `there is no policy "${name}"; expected some of ${rivals.map((one) => one.name).join(', ')}`
  if (percent === undefined) return { rival, target: rival.target ?? 0 }
  if (rival.target === null) return `${name} has no target; leave @${percent} out`
  const target = /^\d{1,3}(\.\d+)?$/.test(percent) ? Number(percent) / 100 : Number.NaN
  if (!(target >= 0.01 && target <= 1))
    return `expected a target from 1 to 100 percent after @, such as ${name}@60, got "${text}"`
  return { rival, target }
}
