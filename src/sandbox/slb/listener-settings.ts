import type { Declarations, Given } from '../parameters.ts'
import { invalid, missing } from '../refusal.ts'
import type { Protocol, Settings } from './state.ts'

type Kind =
  | {
      readonly kind: 'int'
      readonly from: number
      readonly to: number
      readonly usual?: number
      /** This too. */
      readonly or?: number
    }
  | {
      readonly kind: 'text'
      readonly choices?: readonly string[]
      readonly usual?: string
      readonly form?: RegExp
    }
type Setting = Kind & { readonly on: readonly Protocol[] }

const TCP: readonly Protocol[] = ['tcp']
const UDP: readonly Protocol[] = ['udp']
const L4: readonly Protocol[] = ['tcp', 'udp']
const L7: readonly Protocol[] = ['http', 'https']
const HTTPS: readonly Protocol[] = ['https']
const ALL: readonly Protocol[] = ['tcp', 'udp', 'http', 'https']

/** What stays as a listener was created. */
const FIXED = 'BackendServerPort'

/** Checks go where the traffic goes. The vendor's own Terraform provider sends it:
 *  https://github.com/aliyun/terraform-provider-alicloud/blob/master/alicloud/validators.go */
const SERVERS_PORT = -520

/** What a listener may be told, with the ranges and defaults of
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancertcplistener
 *  and its likes. Times are in seconds. */
const SETTINGS: readonly (readonly [name: string, setting: Setting])[] = [
  ['Bandwidth', int(ALL, -1, 5120, -1)],
  ['BackendServerPort', int(ALL, 1, 65_535)],
  ['VServerGroupId', text(ALL)],
  ['Description', { ...text(ALL), form: /^[\w\-/.]{1,256}$/ } as Setting],
  ['Scheduler', choice(TCP, ['wrr', 'rr', 'sch', 'tch'], 'wrr')],
  ['Scheduler', choice(UDP, ['wrr', 'rr', 'sch', 'tch', 'qch'], 'wrr')],
  ['Scheduler', choice(L7, ['wrr', 'rr'], 'wrr')],
  ['HealthCheck', choice(ALL, ['on', 'off'], 'on')],
  ['HealthCheckType', choice(TCP, ['tcp', 'http'], 'tcp')],
  ['HealthCheckConnectPort', { ...int(ALL, 1, 65_535), or: SERVERS_PORT } as Setting],
  ['HealthyThreshold', int(ALL, 2, 10, 3)],
  ['UnhealthyThreshold', int(ALL, 2, 10, 3)],
  ['HealthCheckInterval', int(['tcp', 'http', 'https'], 1, 50, 2)],
  ['HealthCheckInterval', int(UDP, 1, 50, 5)],
  ['HealthCheckConnectTimeout', int(TCP, 1, 300, 5)],
  ['HealthCheckConnectTimeout', int(UDP, 1, 300, 10)],
  ['HealthCheckTimeout', int(L7, 1, 300, 5)],
  ['HealthCheckDomain', text(['tcp', 'http', 'https'])],
  ['HealthCheckURI', text(['tcp', 'http', 'https'])],
  ['HealthCheckHttpCode', text(['tcp', 'http', 'https'], 'http_2xx')],
  ['HealthCheckMethod', choice(L7, ['head', 'get'], 'head')],
  ['healthCheckReq', text(UDP)],
  ['healthCheckExp', text(UDP)],
  ['ConnectionDrain', choice(TCP, ['on', 'off'], 'off')],
  ['ConnectionDrainTimeout', int(TCP, 10, 900)],
  ['PersistenceTimeout', int(TCP, 0, 3600, 0)],
  ['EstablishedTimeout', int(TCP, 10, 900, 900)],
  ['StickySession', choice(L7, ['on', 'off'], 'off')],
  ['StickySessionType', choice(L7, ['insert', 'server'])],
  ['CookieTimeout', int(L7, 1, 86_400)],
  ['Cookie', text(L7)],
  ['IdleTimeout', int(L7, 1, 60, 15)],
  ['RequestTimeout', int(L7, 1, 180, 60)],
  ['Gzip', choice(L7, ['on', 'off'], 'on')],
  ['XForwardedFor', choice(L7, ['on', 'off'], 'on')],
  ['XForwardedFor_proto', choice(L7, ['on', 'off'], 'off')],
  ['ServerCertificateId', text(HTTPS)],
  ['EnableHttp2', choice(HTTPS, ['on', 'off'], 'on')],
]

function int(on: readonly Protocol[], from: number, to: number, usual?: number): Setting {
  return { kind: 'int', on, from, to, ...(usual === undefined ? {} : { usual }) }
}

function text(on: readonly Protocol[], usual?: string): Setting {
  return { kind: 'text', on, ...(usual === undefined ? {} : { usual }) }
}

function choice(on: readonly Protocol[], choices: readonly string[], usual?: string): Setting {
  return { ...text(on, usual), choices } as Setting
}

function settingsOf(protocol: Protocol, isNew: boolean): readonly (readonly [string, Setting])[] {
  return SETTINGS.filter(([name, { on }]) => on.includes(protocol) && (isNew || name !== FIXED))
}

/** Layer 4 has names of its own for the same. */
function sentAs(name: string, protocol: Protocol, isNew: boolean): string {
  if (!L4.includes(protocol)) return name
  if (name === 'HealthCheck') return 'HealthCheckSwitch'
  return name === 'HealthCheckInterval' && isNew ? 'healthCheckInterval' : name
}

/** The parameters in which they are sent. */
export function settingParameters(protocol: Protocol, isNew: boolean): Declarations {
  const needed = isNew ? ['HealthCheck', 'StickySession', 'ServerCertificateId'] : []
  return Object.fromEntries(
    settingsOf(protocol, isNew).map(([name, { kind }]) => {
      const sent = sentAs(name, protocol, isNew)
      return [sent, needed.includes(sent) ? `${kind}!` : kind] as const
    }),
  )
}

/** Those of a new listener. */
export function newSettings(given: Given, protocol: Protocol): Settings {
  const usual = settingsOf(protocol, true).flatMap(([name, setting]) =>
    setting.usual === undefined ? [] : [[name, setting.usual] as const],
  )
  return checked({ ...Object.fromEntries(usual), ...sent(given, protocol, true) })
}

/** Those of a listener after a change: what is left out stays. */
export function changedSettings(given: Given, protocol: Protocol, before: Settings): Settings {
  const next = { ...before, ...sent(given, protocol, false) }
  const { VServerGroupId: _, ...withoutGroup } = next
  return checked(given.text('VServerGroup') === 'off' ? withoutGroup : next)
}

function sent(given: Given, protocol: Protocol, isNew: boolean): Settings {
  return Object.fromEntries(
    settingsOf(protocol, isNew).flatMap(([name, setting]) => {
      const as = sentAs(name, protocol, isNew)
      return given.has(as) ? [[name, read(given, as, setting)] as const] : []
    }),
  )
}

function read(given: Given, name: string, setting: Setting): string | number {
  if (setting.kind === 'int') {
    const value = given.number(name, 0)
    if (value !== setting.or && (value < setting.from || value > setting.to)) throw invalid(name)
    return value
  }
  const value = given.text(name)
  if (setting.choices !== undefined && !setting.choices.includes(value)) throw invalid(name)
  if (setting.form !== undefined && !setting.form.test(value)) throw invalid(name)
  return value
}

/** What needs what. */
function checked(settings: Settings): Settings {
  const need = (name: string) => {
    if (settings[name] === undefined) throw missing(name)
  }
  if (settings.Bandwidth === 0) throw invalid('Bandwidth')
  if (settings.ConnectionDrain === 'on') need('ConnectionDrainTimeout')
  if (settings.StickySession === 'on') {
    need('StickySessionType')
    need(settings.StickySessionType === 'insert' ? 'CookieTimeout' : 'Cookie')
  }
  return settings
}

/** Where servers are checked; null = where they take traffic. */
export function checkPort({ HealthCheckConnectPort: port = SERVERS_PORT }: Settings): number | null {
  return port === SERVERS_PORT ? null : Number(port)
}
