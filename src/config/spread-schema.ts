import * as z from 'zod'
import { ALGORITHMS, type Algorithm } from '../core/algorithm.ts'
import { choiceForm } from '../core/form.ts'
import { WEIGHT_POLICIES } from '../core/weights.ts'
import { type About, choice, duration, field, percent, section, text, whole, yesNo } from './fields.ts'
import { didYouMean } from './suggest.ts'

/** What round robin by weights is called elsewhere: here it always goes by weights. */
const ALIASES: Readonly<Record<string, Algorithm>> = { 'weighted-round-robin': 'round-robin' }
const WORDS: readonly string[] = [...ALGORITHMS, ...Object.keys(ALIASES)]

export function algorithm(about: About): z.ZodType<Algorithm> {
  const read = (raw: unknown) =>
    ALGORITHMS.find((known) => known === raw) ?? (typeof raw === 'string' ? ALIASES[raw] : undefined)
  const suggest = (raw: unknown) => (typeof raw === 'string' ? didYouMean(raw, WORDS) : '')
  const expects = `${WORDS.slice(0, -1).join(', ')} or ${WORDS.at(-1)}`
  return field({ ...choiceForm(WORDS), expects }, read, about, suggest)
}

export const HASH = section({
  header: text('the name of a header', /^[A-Za-z0-9-]+$/, {
    help: 'What `header-hash` goes by. Requests without it go by their client’s address.',
  }).optional(),
  cookie: text('the name of a cookie', /^[A-Za-z0-9_.-]+$/, {
    help: 'What `cookie-hash` goes by. Requests without it go by their client’s address.',
  }).optional(),
  bound: whole(
    {
      help: 'No server has more than this many percent of the pool’s mean load, whatever is hashed; its further requests go to others. Left out: no bound.',
      advice: {
        least: 120,
        below: 'many requests leave their server without need',
        most: 200,
        above: 'one key that many ask for still overloads its server',
      },
    },
    101,
    1000,
  ).optional(),
})

export const AFFINITY = z.strictObject({
  cookie: text('the name of a cookie', /^[A-Za-z0-9_.-]+$/, {
    help: 'The gateway’s cookie, whose value nobody can make up or read.',
    default: 'TIDEGATE',
  }),
  lifetime: duration(
    {
      help: 'How long a browser keeps it.',
      default: '8h',
      advice: { least: '10m', below: 'people who pause lose their session' },
    },
    { min: '1m', max: '8760h' },
  ),
  secret: text('text of at least 16 characters', /^.{16,}$/, {
    help: 'What it is signed with, the same in every gateway of these servers; better from a file or the environment than written here. Left out: a key of this installation’s own, kept in the state directory.',
  }).optional(),
})

export const WEIGHTS = section({
  policy: choice(WEIGHT_POLICIES, {
    help: 'Weights follow how servers answer, compared with the pool’s median: `rtt` by 1 - rtt / rtt-max, `linear` by 1000 - 10 * rtt in ms, `capacity` by good answers a second for each request in flight. Slowly, and from half to 1.2 times what is configured. Meant for algorithms that count requests in flight: round robin follows the weights themselves. Left out: weights are as configured.',
  }).optional(),
  'rtt-max': duration(
    {
      help: 'Of `rtt`: the response time at which a server gets the least; twice the median if that is more. Left out: four times the pool’s median.',
    },
    { min: '1ms', max: '1h' },
  ).optional(),
})

export const OUTLIER_SECTION = section({
  'connect-failures': whole(
    {
      help: 'So many failed connects in a row, over all workers, take a server out for a while.',
      default: 3,
    },
    1,
    1000,
  ),
  errors: whole(
    {
      help: 'So many answers of 5xx, or broken ones, in a row do the same. Left out: they do not count.',
      advice: { least: 3, below: 'a page with a defect takes out one server after the other' },
    },
    1,
    1000,
  ).optional(),
  'success-rate': yesNo({
    help: 'A server whose share of good answers is far below the others’ (mean less 1.9 standard deviations, in 10 s, from 5 servers and 100 answers each) is taken out too.',
    default: false,
  }),
  time: duration(
    {
      help: 'How long the first time; each one that follows soon lasts twice as long as the one before, and up to a tenth longer by chance.',
      default: '10s',
    },
    { min: '1s', max: '1h' },
  ),
  'most-time': duration({ help: 'The longest of these times.', default: '5m' }, { min: '1s', max: '24h' }),
  share: percent({
    help: 'At most this share of the healthy servers is out at once; one may be, the last one never.',
    default: '50%',
  }),
})
