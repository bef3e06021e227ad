import * as z from 'zod'
import { MAX_ADDED_RATIO, MAX_SERVERS, readShare, shareKind } from './amounts.ts'
import { duration, durationOr, field, list, section, whole, wholeOr } from './fields.ts'

const MAX_REVERSALS = 1000

/** `guards:` of a fleet. */
export const GUARDS = section({
  patience: section({
    out: duration({
      help: 'Launches only what has been wanted throughout this time.',
      default: '0s',
      advice: { most: '60s', above: 'new servers come that much after the load that needs them' },
    }),
    in: duration({
      help: 'Retires only what nobody has wanted throughout this time.',
      default: '60s',
      advice: {
        least: '30s',
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
  pace: section({
    out: list('a list of paces, such as [ { servers: 4, per: 15s }, { share: 100%, per: 15s } ]', {
      help: 'How many servers may be launched within a time; the entry that allows most counts. Default: as many as wanted.',
    }).optional(),
    in: list('a list of paces, such as [ { servers: 4, per: 60s }, { share: 50%, per: 60s } ]', {
      help: 'The same for servers that are retired; `[]` = as many as wanted. Default: 4 servers or 50% a minute.',
    }).optional(),
  }),
  'flap-budget': section({
    reversals: wholeOr(
      'none',
      {
        help: 'When the number of servers has turned from rising to falling or back so often within `per`, nothing is retired; `none` = however often.',
        default: 12,
        advice: {
          least: 2,
          below: 'one wave of load is enough to keep its servers',
          most: 20,
          above: 'a fleet that turns every few minutes is never held',
        },
      },
      { min: 1, max: MAX_REVERSALS },
    ),
    per: duration({ help: 'See `reversals`.', default: '1h' }, { min: '1m', max: '6h' }),
  }),
  effect: section({
    after: durationOr('none', {
      help: 'When servers that a policy asked for have served for so long and its metric is no better, that policy launches no more; `none` = it goes on.',
      default: '2m',
      advice: {
        least: '30s',
        below: 'new servers are judged before they have warmed up and taken their share',
        most: '15m',
        above: 'servers that do not help are launched and paid for that much longer',
      },
    }),
    hold: duration(
      { help: 'So long it launches no more, and then tries again.', default: '10m' },
      { min: '1m', max: '6h' },
    ),
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
})

export const PACE = z.strictObject({
  servers: whole({ help: 'So many servers.' }, 1, MAX_SERVERS).optional(),
  share: field(shareKind(MAX_ADDED_RATIO), (raw) => readShare(raw, MAX_ADDED_RATIO), {
    help: 'Or such a share of those that there were when the time began, at least 1.',
  }).optional(),
  per: duration({ help: 'Within this time.', standIn: 60_000 }, { min: '1s', max: '1h' }),
})
