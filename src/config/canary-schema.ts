import * as z from 'zod'
import { duration, percent, text, whole } from './fields.ts'
import { STICKY } from './sticky-schema.ts'

export const CANARY = z.strictObject({
  pool: text('the name of a pool', /^.+$/, {
    help: 'The new pool. The rule’s `pool` is the old one, which it is compared with.',
  }),
  name: text('1 to 29 lower-case letters, digits and hyphens', /^[a-z0-9-]{1,29}$/, {
    help: 'What `tidegate canary` and `/metrics` call it. Left out: as the new pool. No two canaries of the file may have the same.',
  }).optional(),
  step: percent({ help: 'How many more of the requests go to the new pool with each step.', default: '10%' }),
  interval: duration({ help: 'How long a step lasts at least.', default: '5m' }, { min: '1s', max: '168h' }),
  'min-requests': whole(
    {
      help: 'A step is judged when so many requests of the old pool, and as many of the new one, have ended in it.',
      default: 100,
    },
    20,
    1_000_000,
  ),
  'success-drop': percent({
    help: 'How much lower the success rate of the new pool may be; a success is a whole answer below 500.',
    default: '1%',
  }),
  'p95-rise': percent({
    help: 'How much longer the 95th percentile of the times of its requests may be; 1 ms is allowed in any case.',
    default: '20%',
  }),
  ...STICKY,
})
