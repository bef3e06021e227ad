import { formatDuration } from '../../core/units.ts'
import type { HealthDraft } from './health-check.ts'

/** What a new configuration is to say. */
export interface Draft {
  readonly port: number
  readonly health: HealthDraft
  readonly runs: FleetDraft | ServersDraft
}

export interface FleetDraft {
  readonly kind: 'command'
  readonly command: readonly string[]
  readonly min: number
  readonly max: number
}

export interface ServersDraft {
  readonly kind: 'servers'
  readonly addresses: readonly string[]
}

/** The file, with comments for whoever goes on from there. `name` is how its commands are called. */
export function draftText({ port, health, runs }: Draft, name: string): string {
  const lines = [
    `# Made by \`tidegate init\`. \`tidegate validate ${name}\` checks it, \`tidegate up ${name}\` runs it, Ctrl-C stops all of it.`,
    '# docs/reference/config.md has every key, its default and what changing it does.',
    '',
    '# API, `tidegate status` and /metrics; others reach it only with tokens (docs/guides/access.md).',
    'admin: { bind: "127.0.0.1:9900" }',
    '# Journal, logs and locks.',
    'state: ./.tidegate',
    '',
    'listeners:',
    '  web:',
    `    bind: ":${port}"                     # every interface; "127.0.0.1:${port}" is for this machine alone`,
    '    protocol: http',
    '    pool: app',
    '',
    'pools:',
    '  app:',
    '    algorithm: least-connections      # or round-robin, random-two',
    `    health: { ${healthKeys(health).join(', ')} }`,
    ...(runs.kind === 'command' ? ['    fleet: app', ...fleetLines(runs)] : serverLines(runs)),
  ]
  return `${lines.join('\n')}\n`
}

function healthKeys({ type, path, intervalMs, timeoutMs, unhealthy, healthy }: HealthDraft): string[] {
  const all: readonly (readonly [string, string | number | null])[] = [
    ['type', type],
    ['path', path && JSON.stringify(path)],
    ['interval', intervalMs && exactDuration(intervalMs)],
    ['timeout', timeoutMs && exactDuration(timeoutMs)],
    ['unhealthy', unhealthy],
    ['healthy', healthy],
  ]
  return all.flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]))
}

/** `30s` where that says all of it: the form for people rounds. */
function exactDuration(ms: number): string {
  return ms % 1000 === 0 ? formatDuration(ms) : `${ms}ms`
}

function fleetLines({ command, min, max }: FleetDraft): string[] {
  return [
    '',
    'fleets:',
    '  app:',
    '    driver: local                     # processes on this machine',
    '    # Each server listens on the port in its variable PORT.',
    `    command: ${JSON.stringify(command)}`,
    `    min: ${min}`,
    `    max: ${max}`,
    '    startup: { timeout: 60s }         # one that does not pass a check by then has failed',
    '    drain: { timeout: 30s }           # so long a server that goes may finish its requests',
    '    policies:',
    '      # As many servers as keep each of them at eight requests at a time.',
    '      - { type: target, metric: in-flight-per-server, value: 8 }',
    '      # - { type: step, when: cpu > 80%, for: 5m, add: 20% }',
    `      # - { type: schedule, cron: "0 8 * * *", until: "0 20 * * *", timezone: UTC, min: ${Math.max(1, min)} }`,
  ]
}

function serverLines({ addresses }: ServersDraft): string[] {
  return [
    '    # A server of weight 50 gets half as much as one of 100.',
    '    servers:',
    ...addresses.map((address) => `      - { address: ${JSON.stringify(address)}, weight: 100 }`),
  ]
}
