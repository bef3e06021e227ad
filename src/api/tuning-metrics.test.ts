import { expect, test } from 'vitest'
import { aFleet, NOW, queriesOf } from '../../test/kit/admin.ts'
import { readScrape, renderMetrics } from './metrics.ts'

test('the metrics tell what is tuned, what the file says, and what is on probation', async () => {
  const key = 'policies.busy.value'
  const fleet = aFleet({
    tuning: {
      apply: 'allowed',
      tuned: [{ key, file: 40, value: 42 }],
      says: [],
      held: false,
      studied: { at: NOW, says: '', proposal: null },
      probation: { sinceAt: 0, untilAt: 1, changes: [], before: [], kind: 'saving', saving: 0.05 },
      refused: [],
      nextAt: null,
      trouble: null,
    },
  })
  const scrape = await readScrape(queriesOf({ fleets: async () => [fleet] }))
  const { text } = renderMetrics(scrape, 'prometheus')
  const lines = text.split('\n').filter((line) => line.startsWith('tidegate_tuning_'))
  expect(lines).toEqual([
    `tidegate_tuning_value{fleet="api",setting="${key}"} 42`,
    `tidegate_tuning_file_value{fleet="api",setting="${key}"} 40`,
    'tidegate_tuning_probation{fleet="api"} 1',
    'tidegate_tuning_held{fleet="api"} 0',
    `tidegate_tuning_last_study_timestamp_seconds{fleet="api"} ${NOW / 1000}`,
  ])
})
