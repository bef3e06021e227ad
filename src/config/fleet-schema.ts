import * as z from 'zod'
import { duration, durationOr, field, type Kind, list, section, text, whole } from './fields.ts'

export const MAX_SERVERS = 10_000
const REVISION: Kind = {
  type: 'text',
  allowed: '',
  expects: 'text',
  schema: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] },
}

export const FLEET = z.strictObject({
  driver: text('the kind of fleet', /^.+$/, {
    help: 'Where servers come from. It adds keys of its own.',
    standIn: '',
  }),
  min: whole({ help: 'Never fewer servers.', default: 1 }, 0, MAX_SERVERS),
  max: whole({ help: 'Never more servers.', standIn: MAX_SERVERS }, 1, MAX_SERVERS),
  weight: whole({ help: 'Weight of each server in its pools.', default: 100 }, 0, 1000),
  revision: field(REVISION, readRevision, {
    help: 'Any text; another one counts as another version of the servers, even with the same command.',
  }).optional(),
  startup: section({
    timeout: duration(
      {
        help: 'From launch to serving; longer is failed.',
        default: '60s',
        advice: {
          least: '30s',
          below:
            'servers that are only slow to start (a cold cache, a busy machine) are taken for failed, and launched again and again',
          most: '10m',
          above: 'a launch that hangs is replaced only that much later',
        },
      },
      { min: '1s' },
    ),
  }),
  drain: section({
    timeout: durationOr('none', {
      help: 'How long a server that leaves may finish its requests; `none` = as long as they take.',
      default: '30s',
      advice: {
        least: '10s',
        below: 'slow requests and downloads in flight are cut when a server leaves',
        most: '5m',
        above: 'one slow connection keeps a server, and its cost, for that long',
      },
    }),
  }),
  replace: section({
    surge: whole(
      {
        help: 'When the command or `revision` changes, so many new servers come before as many old ones leave, even above `max`; 0 = an old one leaves first. After so many failures of new ones the replacement stops.',
        default: 1,
      },
      0,
      MAX_SERVERS,
    ),
    'unhealthy-after': durationOr('none', {
      help: 'A server that served and has been unhealthy for so long is replaced; `none` = never.',
      default: '5m',
      advice: {
        least: '1m',
        below: 'a dependency that is down for a moment makes whole fleets start anew',
        most: '1h',
        above: 'a server that hangs is missing, and paid for, for that long',
      },
    }),
  }),
  guards: section({
    patience: section({
      out: duration({
        help: 'Launches only what has been wanted throughout this time.',
        default: '0s',
        advice: { most: '60s', above: 'new servers come that much after the load that needs them' },
      }),
      in: duration({
        help: 'Retires only what nobody has wanted throughout this time.',
        default: '5m',
        advice: {
          least: '3m',
          below:
            'a dip between two waves retires servers that the next one needs, so that launches and retirements alternate',
          most: '30m',
          above: 'servers that nobody needs are paid for that long after each peak',
        },
      }),
    }),
    cooldown: section({
      out: duration({
        help: 'From one launch to the next.',
        default: '0s',
        advice: {
          most: '2m',
          above: 'a load that grows by more than one launch in that time is never caught up with',
        },
      }),
      in: duration({
        help: 'From one retirement to the next.',
        default: '60s',
        advice: {
          least: '30s',
          below: 'the next servers go before the metrics show what the loss of the last ones did',
          most: '10m',
          above: 'a large fleet takes hours to come back to its usual size',
        },
      }),
    }),
    fresh: duration(
      {
        help: 'A metric older than this is stale; nothing is retired on it.',
        default: '15s',
        advice: {
          least: '5s',
          below: 'one late answer of a source is enough to hold every retirement',
          most: '2m',
          above: 'servers are retired on what was true that long ago',
        },
      },
      { min: '2s', max: '1h' },
    ),
  }),
  policies: list('a list of policies', { help: 'Without any the fleet stays at `min`.' }).optional(),
})

function readRevision(raw: unknown): string | undefined {
  return (typeof raw === 'string' && raw !== '') || typeof raw === 'number' ? String(raw) : undefined
}
