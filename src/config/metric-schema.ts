import * as z from 'zod'
import { UNITS } from '../core/units.ts'
import { choice, duration, text, yesNo } from './fields.ts'

/** Metrics that the file defines, and where they come from; the drivers' own keys are theirs. */
export const SOURCE = z.strictObject({
  driver: text('the kind of source', /^.+$/, {
    help: 'What answers the queries. It adds keys of its own.',
    standIn: '',
  }),
})

export const METRIC = z.strictObject({
  source: text('the name of a source', /^.+$/, { help: 'Who answers, of `sources:`.' }).optional(),
  driver: text('the kind of source', /^.+$/, {
    help: 'Instead of `source`, with the keys of the source beside it: for a source that has but one metric.',
  }).optional(),
  unit: choice(UNITS, {
    help: 'What its numbers are, so that rules and targets can be held against it.',
    standIn: 'count',
  }),
  'per-server': yesNo({
    help: '`true` when it falls as servers are added, as a mean over servers does; `target` then multiplies by them.',
    default: false,
  }),
  fresh: duration(
    {
      help: 'A sample older than this is stale; nothing is retired on it. Default: what its driver says, or `guards.fresh` of the fleet.',
    },
    { min: '2s', max: '1h' },
  ).optional(),
  help: text('text', /\S/, { help: 'What it means, for whoever reads of it.' }).optional(),
})
