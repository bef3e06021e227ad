import type { Buffer } from 'node:buffer'
import { RE2JS } from 're2js'
import { type Address, contains, parseIp, parseNetwork } from '../../../core/network.ts'
import type { FieldMatch, MatchSpec, SizeMatch } from '../../../core/rule.ts'
import { fieldText } from '../../http1/field-text.ts'
import type { RequestHead } from '../../http1/request-head.ts'
import { someCookie, someHeader, someParameter } from './field-values.ts'

/** Who asks: all that rules may want to know. */
export interface Asking {
  readonly clientAddress: string
  /** Whom its certificate is for; null = none has been verified. */
  readonly certificateNames: readonly string[] | null
}

/** What a rule asks of a request beside its host and path. */
export type RequestTest = (head: RequestHead, bytes: Buffer, asking: Asking) => boolean

/** The cheap ones first. All of them must pass. */
export function testsOf(match: MatchSpec): readonly RequestTest[] {
  const { methods, sources, types, size, pathRegex, clientCertificate } = match
  return [
    ...(methods ? [methodTest(methods)] : []),
    ...(size ? [sizeTest(size)] : []),
    ...(types ? [typeTest(types)] : []),
    ...(clientCertificate ? [certificateTest(clientCertificate)] : []),
    ...(sources ? [sourceTest(sources)] : []),
    ...fieldTests(match.headers, someHeader),
    ...fieldTests(match.query, someParameter),
    ...fieldTests(match.cookies, someCookie),
    ...(pathRegex === undefined ? [] : [pathTest(pathRegex)]),
  ]
}

function methodTest(methods: readonly string[]): RequestTest {
  return (head) => methods.includes(head.method)
}

function sizeTest({ least, most }: SizeMatch): RequestTest {
  return (head) => {
    const size = head.body === 'chunked' ? Number.POSITIVE_INFINITY : head.bodyLength
    return size >= least && (most === null || size <= most)
  }
}

function typeTest(types: readonly string[]): RequestTest {
  return (head, bytes) => {
    const written = fieldText(bytes, head.lines, 'content-type')
    if (written === null) return false
    const type = written.split(';', 1)[0]!.trim().toLowerCase()
    return types.some((one) => (one.endsWith('/*') ? type.startsWith(one.slice(0, -1)) : type === one))
  }
}

function certificateTest(wanted: readonly string[]): RequestTest {
  if (wanted.includes('*')) return (_head, _bytes, { certificateNames }) => certificateNames !== null
  return (_head, _bytes, { certificateNames }) =>
    certificateNames?.some((name) => wanted.includes(name)) ?? false
}

function sourceTest(sources: readonly string[]): RequestTest {
  const networks = sources.map((source) => parseNetwork(source)!)
  let text = ''
  let address: Address | null = null
  return (_head, _bytes, { clientAddress: client }) => {
    // Requests of one connection come one after the other.
    if (client !== text) {
      text = client
      address = parseIp(client)
    }
    return address !== null && networks.some((network) => contains(network, address!))
  }
}

function pathTest(pattern: string): RequestTest {
  const regex = RE2JS.compile(pattern)
  return (head) => regex.test(head.path)
}

function fieldTests(matches: readonly FieldMatch[] = [], some: typeof someHeader): readonly RequestTest[] {
  return matches.map((match): RequestTest => {
    const { name } = match
    const test = valueTest(match)
    if (match.is === 'absent') return (head, bytes) => !some(head, bytes, name, test)
    return (head, bytes) => some(head, bytes, name, test)
  })
}

function valueTest(match: FieldMatch): (value: string) => boolean {
  switch (match.is) {
    case 'present':
    case 'absent':
      return () => true
    case 'exact':
      return (value) => value === match.value
    case 'prefix':
      return (value) => value.startsWith(match.value)
    case 'regex': {
      const regex = RE2JS.compile(match.value)
      return (value) => regex.test(value)
    }
    default:
      return match satisfies never
  }
}
