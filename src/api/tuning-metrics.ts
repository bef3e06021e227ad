import type { FleetStatus } from '../core/admin.ts'
import type { TuningStatus } from '../core/tuning.ts'
import type { Tuned } from '../core/tuning-spec.ts'
import type { Family, Scrape } from './metric-family.ts'

/** How far the settings of fleets are tuned. */
export const TUNING_FAMILIES: readonly Family[] = [
  bySetting(
    'tidegate_tuning_value',
    'What a setting is that is tuned, in its base unit.',
    ({ value }) => value,
  ),
  bySetting(
    'tidegate_tuning_file_value',
    'What the file says of a setting that is tuned.',
    ({ file }) => file,
  ),
  byFleet('tidegate_tuning_probation', '1 while a step is on probation, else 0.', ({ probation }) =>
    Number(probation !== null),
  ),
  byFleet('tidegate_tuning_held', '1 while nothing is applied by itself, by order.', ({ held }) =>
    Number(held),
  ),
  byFleet(
    'tidegate_tuning_predicted_saving_ratio',
    'Share of the server-hours that what is proposed would save, negative = it costs more; absent where nothing is proposed.',
    ({ studied }) => studied?.proposal?.saving ?? null,
  ),
  byFleet(
    'tidegate_tuning_last_study_timestamp_seconds',
    'When the last days were replayed last.',
    ({ studied }) => (studied === null ? null : studied.at / 1000),
  ),
]

function tunedIn({ fleets }: Scrape) {
  return fleets.flatMap(({ name: fleet, tuning }: FleetStatus) =>
    tuning === null ? [] : [{ fleet, tuning }],
  )
}

function byFleet(name: string, help: string, value: (tuning: TuningStatus) => number | null): Family {
  const read = (scrape: Scrape) =>
    tunedIn(scrape).flatMap(({ fleet, tuning }) => {
      const is = value(tuning)
      return is === null ? [] : [{ labels: { fleet }, value: is }]
    })
  return { name, type: 'gauge', help, read }
}

function bySetting(name: string, help: string, value: (tuned: Tuned) => number): Family {
  const read = (scrape: Scrape) =>
    tunedIn(scrape).flatMap(({ fleet, tuning }) =>
      tuning.tuned.map((one) => ({ labels: { fleet, setting: one.key }, value: value(one) })),
    )
  return { name, type: 'gauge', help, read }
}
