import { NOON } from '../kit/scaling.ts'
import type { Run } from './run.ts'
import type { Story, Trouble } from './story.ts'

/** What a story has drawn, by its parts. */
export function told(story: Story): string {
  const { config, nature, load, troubles, kills, reloads, orders, ...about } = story
  const { policies, guards, metrics: _metrics, ...rest } = config
  const lines = [
    `about: ${text(about)}`,
    `fleet: ${text(rest)}`,
    `servers: ${text(nature)}`,
    ...(policies ?? []).map((policy) => `policy: ${text(policy)}`),
    `guards: ${text(guards ?? {})}`,
    `load: ${load.map(({ fromMs, load: level }) => `${level} from ${inSeconds(fromMs)}`).join(', ')}`,
    ...troubles.map((trouble) => `trouble: ${troubleOf(trouble)}`),
    ...kills.map((kill) => `kill: ${text(kill)}`),
    ...reloads.map(({ fromMs, config: other }) => `reload at ${inSeconds(fromMs)}: ${text(other)}`),
    ...orders.map(
      ({ fromMs, forMs, body }) => `order at ${inSeconds(fromMs)} for ${inSeconds(forMs)}: ${text(body)}`,
    ),
  ]
  return lines.join('\n')
}

/** What has happened, in order of time by the controller's clock. */
export async function happened({ world, watch }: Run): Promise<string> {
  const events = await world.store.lastEvents(100_000)
  const lines = [
    ...events.map(({ at, kind, text: says }) => ({ at, says: `${kind}: ${says}` })),
    ...watch.violations.map(({ at, invariant, says }) => ({
      at,
      says: `VIOLATION of "${invariant}": ${says}`,
    })),
  ]
  return lines
    .sort((a, b) => a.at - b.at)
    .map(({ at, says }) => `${inSeconds(at - NOON).padStart(9)}  ${says}`)
    .join('\n')
}

function troubleOf({ fromMs, untilMs, ...what }: Trouble): string {
  return `${text(what)} from ${inSeconds(fromMs)} until ${inSeconds(untilMs)}`
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}

function text(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', '')
}
