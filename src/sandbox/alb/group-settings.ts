import type { Given } from '../parameters.ts'
import { missing } from '../refusal.ts'
import { flag, int, readFields, type Settings, text, texts, word } from './fields.ts'
import { incompatible } from './refusals.ts'

const NAME = /^[\p{L}][\p{L}\p{N}._-]{1,127}$/u

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createservergroup */
const GROUP = {
  ServerGroupName: text('', NAME),
  Scheduler: word('Wrr', ['Wrr', 'Wlc', 'Sch', 'Uch']),
  UpstreamKeepaliveEnabled: flag(false),
  CrossZoneEnabled: flag(true),
  ServiceName: text(''),
} as const
const HEALTH_CHECK = {
  HealthCheckEnabled: flag(true),
  HealthCheckConnectPort: int(0, 0, 65_535),
  HealthCheckProtocol: word('HTTP', ['HTTP', 'HTTPS', 'TCP', 'gRPC']),
  HealthCheckMethod: word('HEAD', ['HEAD', 'GET', 'POST']),
  HealthCheckPath: text('/', /^\/.{0,79}$/),
  HealthCheckHost: text('', /^.{1,80}$/),
  HealthCheckHttpVersion: word('HTTP1.1', ['HTTP1.0', 'HTTP1.1']),
  HealthCheckCodes: texts(['http_2xx']),
  HealthCheckInterval: int(2, 1, 50),
  HealthCheckTimeout: int(5, 1, 300),
  HealthyThreshold: int(3, 2, 10),
  UnhealthyThreshold: int(3, 2, 10),
} as const
const DRAIN = { ConnectionDrainEnabled: flag(false), ConnectionDrainTimeout: int(300, 0, 900) } as const
const SLOW_START = { SlowStartEnabled: flag(false), SlowStartDuration: int(30, 30, 900) } as const
const STICKY_SESSION = {
  StickySessionEnabled: flag(false),
  StickySessionType: word('Insert', ['Insert', 'Server']),
  Cookie: text('', /^[A-Za-z0-9]{1,200}$/),
  CookieTimeout: int(1000, 1, 86_400),
} as const

export interface GroupSettings extends Settings<typeof GROUP> {
  readonly HealthCheckConfig: Settings<typeof HEALTH_CHECK>
  readonly ConnectionDrainConfig: Settings<typeof DRAIN>
  readonly SlowStartConfig: Settings<typeof SLOW_START>
  readonly StickySessionConfig: Settings<typeof STICKY_SESSION>
}

/** What is given of them, over what they were. Throws a Refusal for what does not go together. */
export function readGroupSettings(given: Given, before?: GroupSettings): GroupSettings {
  const of = (name: string) => given.object(name)
  const settings = {
    ...readFields(given, GROUP, before),
    HealthCheckConfig: readFields(of('HealthCheckConfig'), HEALTH_CHECK, before?.HealthCheckConfig),
    ConnectionDrainConfig: readFields(of('ConnectionDrainConfig'), DRAIN, before?.ConnectionDrainConfig),
    SlowStartConfig: readFields(of('SlowStartConfig'), SLOW_START, before?.SlowStartConfig),
    StickySessionConfig: readFields(of('StickySessionConfig'), STICKY_SESSION, before?.StickySessionConfig),
  }
  if (settings.SlowStartConfig.SlowStartEnabled && settings.Scheduler !== 'Wrr')
    throw incompatible('ServerGroupScheduler', 'SlowStartEnable')
  return settings
}

/** Of a new group: it must say whether it checks. */
export function newGroupSettings(given: Given): GroupSettings {
  if (!given.object('HealthCheckConfig').has('HealthCheckEnabled')) throw missing('HealthCheckEnabled')
  return readGroupSettings(given)
}
