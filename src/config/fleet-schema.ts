import * as z from 'zod'
import { MAX_SERVERS } from './amounts.ts'
import { BUDGET, CARBON, PRICE, WATTS } from './cost-schema.ts'
import { duration, durationOr, field, type Kind, list, section, text, whole } from './fields.ts'
import { GUARDS } from './guard-schema.ts'
import { TUNING } from './tuning-schema.ts'

const REVISION: Kind = {
  type: 'text',
  allowed: '',
  expects: 'text',
  schema: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] },
}

const RATE: Kind = {
  type: 'number or `learned`',
  allowed: 'above 0',
  expects: 'a number of requests a second above 0, or learned',
  schema: { anyOf: [{ const: 'learned' }, { type: 'number', exclusiveMinimum: 0 }] },
}

export const FLEET = z.strictObject({
  driver: text('the kind of fleet', /^.+$/, {
    help: 'Where servers come from. It adds keys of its own.',
    standIn: '',
  }),
  min: whole({ help: 'Never fewer servers.', default: 1 }, 0, MAX_SERVERS),
  max: whole({ help: 'Never more servers.', standIn: MAX_SERVERS }, 1, MAX_SERVERS),
  reserve: whole(
    {
      help: 'So many servers more than are wanted serve with the others, ready for a sudden rise; `max` counts them too.',
      default: 0,
    },
    0,
    MAX_SERVERS,
  ),
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
    usual: durationOr('learned', {
      help: 'What a server usually takes from launch to serving, for what looks ahead; `learned` = the longest of the newest twenty starts.',
      default: 'learned',
    }),
  }),
  capacity: field(RATE, readRate, {
    help: 'Requests a second that one server carries at most: policies whose `value` is a share are shares of it, and advice has its target below (where latency knees, by how long requests take); `learned` = by what the history has of the fleet.',
    default: 'learned',
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
  price: PRICE,
  budget: BUDGET,
  watts: WATTS,
  carbon: CARBON,
  tuning: TUNING,
  guards: GUARDS,
  policies: list('a list of policies', { help: 'Without any the fleet stays at `min`.' }).optional(),
})

function readRevision(raw: unknown): string | undefined {
  return (typeof raw === 'string' && raw !== '') || typeof raw === 'number' ? String(raw) : undefined
}

/** null = learned. */
function readRate(raw: unknown): number | null | undefined {
  if (raw === 'learned') return null
  return typeof raw === 'number' && Number.isFinite(raw) && raw > 0 ? raw : undefined
}
