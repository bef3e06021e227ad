import { type BadCase, bad, file } from './fixture.cases.ts'

/** A fleet of 2 to 20 servers with this policy. */
export function policyFile(text: string): string {
  const fleets = `f: { driver: fake, command: run, min: 2, max: 20, policies: [ ${text} ] }`
  return file({ api: 'api: { fleet: f }', fleets })
}

const NIGHT = 'type: schedule, cron: "0 22 * * *", until: "0 8 * * *", timezone: UTC'
const SALE = 'name: sale, start: 2026-11-11T00:00, end: 2026-11-12T00:00'
const schedule = (text: string) => policyFile(`{ ${text} }`)
const event = (text: string) => policyFile(`{ type: calendar, timezone: Asia/Shanghai, events: [ ${text} ] }`)
const AT = 'fleets.f.policies.0'

export const SCHEDULE_CASES: readonly BadCase[] = [
  bad(
    'a schedule with an hour that there is not',
    schedule('type: schedule, cron: "0 §25 * * *", until: "0 8 * * *", timezone: UTC, max: 5'),
    `${AT}.cron`,
    'expected 0 to 23 as hour, got 25',
  ),
  bad(
    'a schedule with a field too few',
    schedule('type: schedule, cron: "0 22 * * *", until: "§0 8 * *", timezone: UTC, max: 5'),
    `${AT}.until`,
    'expected five fields',
  ),
  bad(
    'a schedule that never comes',
    schedule('type: schedule, cron: "0 0 §31 2 *", until: "0 8 * * *", timezone: UTC, max: 5'),
    `${AT}.cron`,
    'it never comes: no month that it names has such a day',
  ),
  bad(
    'a schedule without a cron expression',
    schedule('type: schedule, until: "0 8 * * *", timezone: UTC, max: 5').replace('{ type', '§{ type'),
    `${AT}.cron`,
    'missing; expected five fields of cron',
  ),
  bad(
    'a schedule that does not end',
    schedule('type: schedule, cron: "0 22 * * *", timezone: UTC, max: 5').replace('{ type', '§{ type'),
    AT,
    'expected one of until and duration, got neither',
  ),
  bad(
    'a schedule that ends twice',
    schedule(`${NIGHT}, duration: §10h, max: 5`),
    `${AT}.duration`,
    'expected one of until and duration, got both',
  ),
  bad(
    'a schedule that is too short',
    schedule('type: schedule, cron: "0 22 * * *", duration: §30s, timezone: UTC, max: 5'),
    `${AT}.duration`,
    'expected a duration such as 30s, from 1m to 31d, got 30s',
  ),
  bad(
    'a schedule in no time zone',
    schedule('type: schedule, cron: "0 22 * * *", duration: 10h, max: 5').replace('{ type', '§{ type'),
    `${AT}.timezone`,
    'missing; expected a time zone such as Asia/Shanghai or UTC',
  ),
  bad(
    'a schedule in an unknown time zone',
    schedule('type: schedule, cron: "0 22 * * *", duration: 10h, timezone: §Asia/Shangai, max: 5'),
    `${AT}.timezone`,
    'got Asia/Shangai; did you mean Asia/Shanghai?',
  ),
  bad('a schedule of nothing', schedule(NIGHT).replace('{ type', '§{ type'), AT, 'expected min, max or both'),
  bad(
    'a schedule that contradicts itself',
    schedule(`${NIGHT}, min: §9, max: 8`),
    `${AT}.min`,
    'min 9 is more than max 8',
  ),
  bad(
    'a schedule that wants more than there may be',
    schedule(`${NIGHT}, min: §21`),
    `${AT}.min`,
    'min 21 is more than max 20 of the fleet',
  ),
  bad(
    'a schedule that wants less than there must be',
    schedule(`${NIGHT}, max: §1`),
    `${AT}.max`,
    'max 1 is less than min 2 of the fleet',
  ),
  bad(
    'an unknown key of a schedule',
    schedule(`${NIGHT}, max: 5, §untill: x`),
    `${AT}.untill`,
    'did you mean until?',
  ),
  bad(
    'a calendar without events',
    policyFile('§{ type: calendar }'),
    `${AT}.events`,
    'missing; expected a list of events',
  ),
  bad(
    'an event that ends before it starts',
    event('{ name: sale, start: 2026-11-12, end: §2026-11-11, min: 9 }'),
    `${AT}.events.0.end`,
    '2026-11-11 is not after start 2026-11-12',
  ),
  bad(
    'an event at no time',
    event('{ name: sale, start: §2026-02-30T00:00, end: 2026-11-12, min: 9 }'),
    `${AT}.events.0.start`,
    'there is no such time, got 2026-02-30T00:00',
  ),
  bad(
    'an event at a time of nowhere',
    policyFile(
      '{ type: calendar, events: [ { name: sale, start: §2026-11-11T00:00, end: 2026-11-12T00:00Z, min: 9 } ] }',
    ),
    `${AT}.events.0.start`,
    'no offset and the policy no timezone',
  ),
  bad('an event of nothing', event(`§{ ${SALE} }`), `${AT}.events.0`, 'expected multiplier, min or both'),
  bad(
    'an event that expects less load',
    event(`{ ${SALE}, multiplier: §0.5 }`),
    `${AT}.events.0.multiplier`,
    'expected a number above 1, at most 100, got 0.5',
  ),
  bad(
    'an event that wants more than there may be',
    event(`{ ${SALE}, min: §21 }`),
    `${AT}.events.0.min`,
    'min 21 is more than max 20 of the fleet',
  ),
]
