import { expect } from 'vitest'
import type { BalancerDriverModule, DriverModule } from '../core/driver.ts'
import type { Problem, Settings } from '../core/settings.ts'
import { METRIC_DRIVERS } from '../drivers/index.ts'
import type { Surroundings } from './load.ts'
import { parseSettings } from './load.ts'

/** A bad file and what is said of it. `§` stands before the place that the problem must point at, and is no part of the file. */
export interface BadCase {
  readonly name: string
  readonly text: string
  readonly path: string
  readonly message: string
}

export const WEB = 'web: { bind: ":8080", pool: api }'
const STATIC = 'api: { servers: [ { address: "10.0.0.1:80" } ] }'

/** A good file with parts replaced; every part is one line of a section. */
export function file(parts: { top?: string; web?: string; api?: string; fleets?: string }): string {
  return `${parts.top ?? 'name: demo'}
listeners:
  ${parts.web ?? WEB}
pools:
  ${parts.api ?? STATIC}
${parts.fleets === undefined ? '' : `fleets:\n  ${parts.fleets}\n`}`
}

export const bad = (name: string, text: string, path: string, message: string): BadCase => ({
  name,
  text,
  path,
  message,
})

const ANYTHING = { type: 'anything', allowed: '', schema: {}, help: '' }

export const fake: DriverModule<{ command: string }> = {
  kind: 'fake',
  keys: { command: ANYTHING, memory: ANYTHING },
  parse: ({ command }) =>
    typeof command === 'string'
      ? { ok: true, config: { command } }
      : { ok: false, problems: [{ path: ['command'], message: 'expected what to start' }] },
  template: ({ command }) => ({ command }),
  measures: ['cpu', 'memory'],
  open: () => Promise.reject(new Error('only parsed in these tests')),
}

function aBalancer(kind: string, more: readonly string[]): BalancerDriverModule<{ place: string }> {
  return {
    kind,
    keys: { place: ANYTHING },
    poolKeys: { corner: ANYTHING },
    poolDefaults: { algorithm: 'round-robin' },
    honours: [
      'listeners.bind',
      'listeners.rules.match.path',
      'listeners.rules.pool',
      'pools.algorithm',
      'pools.health.path',
      ...['listeners.pool', ...more],
    ],
    capabilities: [],
    parse: ({ place }) =>
      typeof place === 'string'
        ? { ok: true, config: { place } }
        : { ok: false, problems: [{ path: ['place'], message: 'expected a place' }] },
    parsePool: ({ corner = '' }) => ({ ok: true, config: { corner: String(corner) } }),
    refuses: ({ pools }) =>
      pools
        .filter(({ algorithm }) => algorithm !== 'round-robin')
        .map(({ name, algorithm }) => ({
          path: ['pools', name, 'algorithm'],
          message: `expected round-robin, got ${algorithm}`,
        })),
    open: () => Promise.reject(new Error('only parsed in these tests')),
  }
}

export const about: Surroundings = {
  file: 'tidegate.yaml',
  realFile: '/srv/app/tidegate.yaml',
  env: {},
  readSecret: () => {
    throw new Error('there are no files')
  },
  now: Date.parse('2026-11-01T00:00Z'),
  cores: 4,
  drivers: { fake },
  metricDrivers: METRIC_DRIVERS,
  balancerDrivers: {
    elsewhere: aBalancer('elsewhere', []),
    overthere: aBalancer('overthere', ['pools.retries']),
  },
}

export function problemsOf(text: string, more: Partial<Surroundings> = {}): readonly Problem[] {
  const loaded = parseSettings(text, { ...about, ...more })
  return loaded.ok ? loaded.warnings : loaded.problems
}

export function settingsOf(text: string, more: Partial<Surroundings> = {}): Settings {
  const loaded = parseSettings(text, { ...about, ...more })
  expect(loaded.ok ? [] : loaded.problems).toEqual([])
  return (loaded as { settings: Settings }).settings
}

/** The least that works. */
export const MINIMAL = `
listeners:
  web: { bind: ":8080", pool: api }
pools:
  api: { fleet: api }
fleets:
  api: { driver: fake, command: run, max: 3 }
`
