import { readShare, shareKind } from './amounts.ts'
import { timezone } from './calendar-schema.ts'
import { type About, choice, duration, field, percent, section, text, whole } from './fields.ts'

const share = (about: About, most: number) => field(shareKind(most), (raw) => readShare(raw, most), about)

/** `tuning:` of a fleet. */
export const TUNING = section({
  at: text('five fields of cron such as "0 3 * * *", or never', /\S/, {
    help: 'When its last days are replayed with neighbouring settings: minute, hour, day, month, weekday; at a quiet hour.',
    default: 'never',
  }),
  timezone: timezone({ help: 'Whose clocks `at` means.', default: 'UTC' }),
  days: whole(
    { help: 'So many days are replayed; every other one chooses, those between confirm.', default: 7 },
    2,
    30,
  ),
  apply: choice(['never', 'allowed'], {
    help: '`allowed` = what is proposed is applied, a step each time, and taken back when it is measured to be worse; `never` = it is only told.',
    default: 'never',
  }),
  step: share(
    {
      help: 'By how much a value moves at once; times move five times as much, `min` at least one server.',
      default: '5%',
    },
    0.2,
  ),
  bounds: section({
    least: percent({ help: 'No setting goes below this share of what the file says.', default: '70%' }),
    most: share({ help: 'And none above this one.', default: '130%' }, 3),
  }),
  probation: duration(
    {
      help: 'So long after a step what is measured is compared with the same hours a week before, or the day before.',
      default: '24h',
      advice: {
        least: '24h',
        below: 'a step is judged by some hours of a day, which may not be those that it makes worse',
      },
    },
    { min: '1h', max: '168h' },
  ),
  objective: duration(
    {
      help: 'A request of a replay is late when it waits longer before a server begins with it.',
      default: '250ms',
    },
    { min: '1ms', max: '1h' },
  ),
  late: percent({
    help: 'So many of the requests of a replay may be late; settings that save are proposed up to there.',
    default: '0.1%',
  }),
})
