import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from '../drivers/index.ts'
import { configReference } from './reference.ts'

test('docs/reference/config.md is what the schema says; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../../docs/reference/config.md', import.meta.url), 'utf8')
  expect(page).toBe(configReference(DRIVERS, METRIC_DRIVERS, BALANCER_DRIVERS))
})
