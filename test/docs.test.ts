import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faultsReference } from '../scripts/faults-page.ts'
import { metricsReference } from '../scripts/metrics-page.ts'

test('docs/reference/faults.md has every fault code; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../docs/reference/faults.md', import.meta.url), 'utf8')
  expect(page).toBe(faultsReference())
})

test('docs/reference/metrics.md has every metric; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../docs/reference/metrics.md', import.meta.url), 'utf8')
  expect(page).toBe(metricsReference())
})
