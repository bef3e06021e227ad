import type { Bind } from '../core/balancer.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'

export interface BoundAt {
  readonly bind: Bind
  /** TCP and UDP have ports of their own. */
  readonly transport: 'tcp' | 'udp'
  /** `listener web`, `admin`. */
  readonly who: string
  readonly path: Path
}

/** Every address can be taken once; an address of every interface takes its port on all of them. */
export function checkBinds(binds: readonly BoundAt[], report: Report): void {
  binds.forEach((later, index) => {
    const earlier = binds
      .slice(0, index)
      .find((other) => other.transport === later.transport && clash(other.bind, later.bind))
    if (earlier)
      report.error(
        later.path,
        `${showBind(later.bind)} is taken by ${earlier.who}, which binds ${showBind(earlier.bind)}`,
      )
  })
}

function clash(a: Bind, b: Bind): boolean {
  if (a.port !== b.port || a.port === 0) return false
  const [first, second] = [normal(a.host), normal(b.host)]
  return first === second || takes(first, second) || takes(second, first)
}

function takes(wide: string, host: string): boolean {
  return wide === '::' || (wide === '0.0.0.0' && !host.includes(':'))
}

/** IPv6 in its shortest form; '' (every interface) is a dual-stack `::`. */
function normal(host: string): string {
  if (host === '') return '::'
  return host.includes(':') ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host
}

/** This machine's own addresses, which nobody else can reach. */
export function isLoopback({ host }: Bind): boolean {
  return host.startsWith('127.') || normal(host) === '::1'
}

export function showBind({ host, port }: Bind): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
