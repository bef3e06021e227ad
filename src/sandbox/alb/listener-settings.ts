import type { Given } from '../parameters.ts'
import { flag, int, readFields, type Settings, text, word } from './fields.ts'

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createlistener */
const LISTENER = {
  ListenerDescription: text('', /^.{2,256}$/u),
  IdleTimeout: int(15, 1, 60),
  RequestTimeout: int(60, 1, 180),
  GzipEnabled: flag(true),
  Http2Enabled: flag(true),
  SecurityPolicyId: text('tls_cipher_policy_1_0'),
} as const
const FORWARDED = {
  XForwardedForEnabled: flag(true),
  XForwardedForProcessingMode: word('append', ['append', 'remove']),
  XForwardedForProtoEnabled: flag(false),
  XForwardedForHostEnabled: flag(false),
  XForwardedForSLBIdEnabled: flag(false),
  XForwardedForSLBPortEnabled: flag(false),
  XForwardedForClientSrcPortEnabled: flag(false),
  XForwardedForClientSourceIpsEnabled: flag(false),
  XForwardedForClientSourceIpsTrusted: text(''),
} as const

export interface ListenerSettings extends Settings<typeof LISTENER> {
  readonly XForwardedForConfig: Settings<typeof FORWARDED>
}

/** What is given of them, over what they were. */
export function readListenerSettings(given: Given, before?: ListenerSettings): ListenerSettings {
  const forwarded = given.object('XForwardedForConfig')
  return {
    ...readFields(given, LISTENER, before),
    XForwardedForConfig: readFields(forwarded, FORWARDED, before?.XForwardedForConfig),
  }
}
