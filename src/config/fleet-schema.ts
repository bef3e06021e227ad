import * as z from 'zod'
import { duration, durationOr, field, list, section, text, whole } from './fields.ts'

export const MAX_SERVERS = 10_000

export const FLEET = z.strictObject({
  driver: text('the kind of fleet', /^.+$/, {
    help: 'Where servers come from. It adds keys of its own.',
    standIn: '',
  }),
  min: whole({ help: 'Never fewer servers.', default: 1 }, 0, MAX_SERVERS),
  max: whole({ help: 'Never more servers.', standIn: MAX_SERVERS }, 1, MAX_SERVERS),
  weight: whole({ help: 'Weight of each server in its pools.', default: 100 }, 0, 1000),
  revision: field('text', readRevision, {
    help: 'Any text; another one counts as another version of the servers, even with the same command.',
  }).optional(),
  startup: section({
    timeout: duration({ help: 'From launch to serving; longer is failed.', default: '60s' }, { min: '1s' }),
  }),
  drain: section({
    timeout: durationOr('none', {
      help: 'How long a server that leaves may finish its requests; `none` = as long as they take.',
      default: '30s',
    }),
  }),
  guards: section({
    patience: section({
      out: duration({ help: 'Launches only what has been wanted throughout this time.', default: '0s' }),
      in: duration({ help: 'Retires only what nobody has wanted throughout this time.', default: '5m' }),
    }),
    cooldown: section({
      out: duration({ help: 'From one launch to the next.', default: '0s' }),
      in: duration({ help: 'From one retirement to the next.', default: '60s' }),
    }),
    fresh: duration(
      { help: 'A metric older than this is stale; nothing is retired on it.', default: '15s' },
      { min: '2s', max: '1h' },
    ),
  }),
  policies: list('a list of policies', { help: 'Without any the fleet stays at `min`.' }).optional(),
})

function readRevision(raw: unknown): string | undefined {
  return (typeof raw === 'string' && raw !== '') || typeof raw === 'number' ? String(raw) : undefined
}
