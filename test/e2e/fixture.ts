import { EXAMPLE_SERVER } from '../kit/tidegate.ts'

interface Options {
  readonly command?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly startup?: string
  readonly extra?: string
}

/** One listener, one pool, one local fleet: eight slots of 50 ms a server, so 160 requests a second each. */
export function fixture(options: Options = {}): string {
  const command = options.command ?? ['node', EXAMPLE_SERVER, '--slots', '8', '--service-ms', '50']
  return `
gateway: { workers: 2 }
listeners:
  web: { bind: "127.0.0.1:0", protocol: http, pool: api }
pools:
  api:
    algorithm: least-connections
    health: { type: http, path: /health, interval: 1s, timeout: 500ms, unhealthy: 3, healthy: 2 }
    slow-start: 1s
    fleet: api
fleets:
  api:
    driver: local
    command: ${JSON.stringify(command)}
    min: ${options.min ?? 2}
    max: ${options.max ?? 8}
    startup: { timeout: ${options.startup ?? '20s'} }
    drain: { timeout: 10s }
    guards: { patience: { in: 3s }, cooldown: { in: 1s, out: 0s }, pace: { in: [] } }
    policies:
      - { type: target, metric: in-flight-per-server, value: 4 }
${options.extra ?? ''}`
}
