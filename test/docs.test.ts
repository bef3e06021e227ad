import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faultsReference } from '../scripts/faults-page.ts'
import { gatewayReference, REASONS } from '../scripts/gateway-page.ts'
import { metricsReference } from '../scripts/metrics-page.ts'
import { sandboxReference } from '../scripts/sandbox-page.ts'

test('docs/reference/faults.md has every fault code; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../docs/reference/faults.md', import.meta.url), 'utf8')
  expect(page).toBe(faultsReference())
})

test('docs/reference/metrics.md has every metric; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../docs/reference/metrics.md', import.meta.url), 'utf8')
  expect(page).toBe(metricsReference())
})

test('docs/reference/gateway.md has every option; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../docs/reference/gateway.md', import.meta.url), 'utf8')
  expect(page).toBe(gatewayReference())
})

test('docs/reference/sandbox.md has every operation; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../docs/reference/sandbox.md', import.meta.url), 'utf8')
  expect(page).toBe(sandboxReference())
  for (const one of ['RunInstances', 'CreateLoadBalancer', 'DescribeMetricLast'])
    expect(page).toContain(`\`${one}\``)
})

test('scripts/gateway-page.ts explains every reason that the access log can give', () => {
  const folder = new URL('../src/gateway/', import.meta.url)
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  )
  const text = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const given = [
    ...text.matchAll(
      /\.(?:answer|withhold|breakOff|abort|abandon|fail|reject)\((?:[^()]|\([^()]*\))*'([a-z]+(?:-[a-z]+)*)'\)/g,
    ),
    ...text.matchAll(/\bwhy (?:\?\?=|=) '([a-z-]+)'/g),
    ...(/type Loss =([^\n]*(?:\n {2}\|[^\n]*)*)/.exec(text)?.[1] ?? '').matchAll(/'([a-z-]+)'/g),
  ].map((match) => match[1]!)
  expect(given.length).toBeGreaterThan(15)
  // Of copies of requests nobody logs anything.
  const unlogged = ['mirror-timeout']
  expect([...new Set(given)].filter((why) => !(why in REASONS) && !unlogged.includes(why))).toEqual([])
})
