import { type BadCase, bad, file } from './fixture.cases.ts'

const fleet = (keys: string) =>
  file({ api: 'api: { fleet: f }', fleets: `f: { driver: fake, command: run, max: 1, ${keys} }` })

export const TUNING_CASES: readonly BadCase[] = [
  bad(
    'tuning at a time that never is',
    fleet('tuning: { at: "0 §25 * * *" }'),
    'fleets.f.tuning.at',
    'expected 0 to 23 as hour, got 25',
  ),
  bad(
    'tuning that nobody knows',
    fleet('tuning: { at: "0 3 * * *", apply: §always }'),
    'fleets.f.tuning.apply',
    'expected never or allowed, got always',
  ),
  bad(
    'bounds that leave out what the file says',
    fleet('tuning: { at: "0 3 * * *", §bounds: { most: 90% } }'),
    'fleets.f.tuning.bounds',
    'expected bounds around 100%, such as { least: 70%, most: 130% }',
  ),
  bad(
    'a step of all',
    fleet('tuning: { at: "0 3 * * *", step: §50% }'),
    'fleets.f.tuning.step',
    'expected a share such as 50%, at most 20%, got 50%',
  ),
]
