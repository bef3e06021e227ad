import type * as z from 'zod'
import { durationForm } from '../core/form.ts'
import type { KeepAliveSpec } from '../core/keep-alive.ts'
import { parseDuration } from '../core/units.ts'
import { type About, field, section, whole } from './fields.ts'

/** What Linux takes: 32767 seconds are a little more than 9 hours. */
const LONGEST = '9h'

/** TCP's keep-alive probes, of a listener and of a pool. */
export const KEEP_ALIVE = section({
  idle: seconds({
    help: 'Silence of a connection after which TCP asks whether the other side is still there.',
    default: '300s',
    advice: {
      least: '30s',
      below: 'idle connections cost packets all the time, and batteries of mobile clients',
      most: '10m',
      above: 'most firewalls and address translators have forgotten the connection by then',
    },
  }),
  interval: seconds({ help: 'Between such questions while nobody answers.', default: '60s' }),
  count: whole({ help: 'Unanswered ones that end the connection.', default: 5 }, 1, 127),
})

/** The system counts these in seconds. */
function seconds(about: About): z.ZodType<number> {
  const most = parseDuration(LONGEST) ?? 0
  const allowed = `1s to ${LONGEST}, whole seconds`
  const kind = { ...durationForm(allowed), expects: `a duration of whole seconds, from 1s to ${LONGEST}` }
  const read = (raw: unknown) => {
    const ms = typeof raw === 'string' ? parseDuration(raw) : null
    return ms !== null && ms >= 1000 && ms <= most && ms % 1000 === 0 ? ms : undefined
  }
  return field(kind, read, about)
}

export function keepAliveOf(parsed: z.output<typeof KEEP_ALIVE>): KeepAliveSpec {
  return { idleMs: parsed.idle, intervalMs: parsed.interval, count: parsed.count }
}
