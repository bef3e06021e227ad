import { beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'
import type { HttpAnswer } from './answer.ts'
import { type Call, type CallCloud, openClient } from './client.ts'
import type { Outcome } from './cloud-fault.ts'
import type { Credentials } from './credentials/credentials.ts'
import { Secret } from './secret.ts'
import { type HttpRequest, Unsent } from './transport.ts'

const START = 1_800_000_000_000
const never = new AbortController().signal

/** What the cloud of a test answers, one after the other; an Error is what the network does. */
let script: (Error | 'silence' | { status?: number; body: unknown; headers?: Record<string, string> })[]
let sent: HttpRequest[]
let clock: VirtualClock
let keys: string[]
let call: CallCloud

beforeEach(() => {
  script = []
  sent = []
  keys = ['first', 'second']
  clock = new VirtualClock(START)
  let drawn = 0
  call = openClient({
    where: { region: 'cn-beijing', endpoint: null },
    credentials: {
      get: async () => {
        if (keys[0] === undefined) throw new Error('nobody has any')
        return aKey(keys[0])
      },
      refused: () => void keys.shift(),
      close: () => {},
    },
    transport,
    clock,
    rng: () => (drawn++ % 100) / 100,
  })
})

function aKey(accessKeyId: string): Credentials {
  return { accessKeyId, accessKeySecret: new Secret('s'), securityToken: null, expiresAt: null }
}

async function transport(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  sent.push(request)
  const next = script.shift() ?? { body: { RequestId: 'r', Count: 1 } }
  if (next instanceof Error) throw next
  if (next === 'silence')
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  return { status: next.status ?? 200, headers: next.headers ?? {}, text: JSON.stringify(next.body) }
}

function refusal(Code: string, status = 400) {
  return { status, body: { Code, Message: 'm', RequestId: 'r' } }
}

const READ: Call<number> = {
  product: 'slb',
  action: 'DescribeLoadBalancers',
  query: { RegionId: 'cn-beijing' },
  read: (answer) => answer.number('Count'),
}
const ADD: Call<number> = { ...READ, action: 'AddBackendServers' }
const RUN: Call<number> = {
  ...READ,
  product: 'ecs',
  action: 'RunInstances',
  query: { ClientToken: 't', Amount: 2 },
}

/** The outcome, after as much time as it takes. */
async function settle<T>(outcome: Promise<Outcome<T>>, ms = 10 * 60_000): Promise<Outcome<T>> {
  await clock.advance(ms)
  return outcome
}

async function kindAfter<T>(what: Call<T>, ...answers: typeof script): Promise<string> {
  script = answers
  const outcome = await settle(call(what, never))
  return outcome.ok ? 'ok' : outcome.fault.kind
}

test('sends the operation signed, and reads what it is told to', async () => {
  expect(await settle(call(RUN, never))).toEqual({ ok: true, value: 1 })
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({
    method: 'POST',
    url: 'https://ecs.cn-beijing.aliyuncs.com/?Amount=2&ClientToken=t',
    body: '',
    headers: {
      'x-acs-action': 'RunInstances',
      'x-acs-version': '2014-05-26',
      host: 'ecs.cn-beijing.aliyuncs.com',
    },
  })
  expect(sent[0]?.headers.authorization).toContain('Credential=first,')
})

test('sends a form as the body', async () => {
  await settle(call({ ...ADD, product: 'alb', form: { Servers: [{ ServerId: 'i-1', Weight: 0 }] } }, never))
  expect(sent[0]).toMatchObject({
    body: 'Servers.1.ServerId=i-1&Servers.1.Weight=0',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
})

test.each([
  ['a read', READ, 2],
  ['a write with a token', RUN, 2],
  ['a write without', ADD, 1],
])('of a connection that breaks, repeats %s', async (_, what, times) => {
  const kind = await kindAfter(what, new Error('socket hang up'))
  expect([kind, sent.length]).toEqual([times === 2 ? 'ok' : 'lost', times])
})

test('repeats any call that never left', async () => {
  expect(await kindAfter(ADD, new Unsent('ECONNREFUSED'))).toBe('ok')
})

test('leaves a busy balancer to the caller, who has to look first', async () => {
  expect(await kindAfter(ADD, refusal('ServiceIsConfiguring'))).toBe('busy')
  expect(sent).toHaveLength(1)
})

test('signs each attempt anew', async () => {
  await kindAfter(READ, refusal('InternalError', 500), refusal('InternalError', 500))
  const nonces = sent.map(({ headers }) => headers['x-acs-signature-nonce'])
  expect(new Set(nonces).size).toBe(3)
})

test('gives up in the end, with the last fault', async () => {
  const fail = refusal('ServiceUnavailable', 503)
  expect(await kindAfter(READ, fail, fail, fail, fail, fail)).toBe('lost')
  expect(sent).toHaveLength(4)
})

test.each([
  ['throttled', 'Throttling.User', 400],
  ['refused', 'OperationDenied.NoStock', 403],
])('a write whose answer was lost stays unknown when its repetition is %s', async (_, code, status) => {
  const lost = new Error('socket hang up')
  expect(await kindAfter(RUN, lost, refusal(code, status))).toBe('lost')
  expect(sent).toHaveLength(2)
})

test('a write that the cloud is still doing is not refused, however often it is asked', async () => {
  expect(await kindAfter(RUN, ...Array(4).fill(refusal('LastTokenProcessing')))).toBe('lost')
  expect(sent).toHaveLength(4)
})

test('a read that was lost is refused when its repetition is', async () => {
  expect(await kindAfter(READ, new Error('socket hang up'), refusal('Forbidden.RAM', 403))).toBe('refused')
})

test('does not repeat what the cloud refuses', async () => {
  expect(await kindAfter(RUN, refusal('OperationDenied.NoStock', 403))).toBe('refused')
  expect(sent).toHaveLength(1)
})

test('gives RunInstances 90 seconds, for its servers may come late', async () => {
  script = ['silence']
  const outcome = call(RUN, never)
  await clock.advance(89_000)
  expect(sent).toHaveLength(1)
  await clock.advance(60_000)
  expect(sent).toHaveLength(2)
  expect(await outcome).toEqual({ ok: true, value: 1 })
})

test('keeps an operation of ECS closed until the next minute, and others open', async () => {
  await clock.advance(10_000)
  script = [refusal('Throttling.User')]
  const outcome = await settle(call(RUN, never), 30_000)
  const said = { kind: 'throttled', code: 'Throttling.User', operation: 'ecs:RunInstances' }
  expect(outcome).toMatchObject({ ok: false, fault: said })
  expect(await settle(call({ ...RUN, action: 'StopInstances' }, never), 0)).toMatchObject({ ok: true })
  expect(sent).toHaveLength(2)
  await clock.advance(22_000)
  expect(await settle(call(RUN, never), 1_000)).toMatchObject({ ok: true })
})

test('a call that waited for its turn does not go out when another is refused meanwhile', async () => {
  script = [...Array(10).fill({ body: { Count: 1 } }), refusal('Throttling')]
  const calls = Array.from({ length: 13 }, () => call(RUN, never))
  await clock.advance(60_000)
  const outcomes = await Promise.all(calls)
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10)
  expect(sent).toHaveLength(11)
})

test('takes new credentials once when the cloud knows the old ones no more', async () => {
  expect(await kindAfter(ADD, refusal('InvalidSecurityToken.Expired'))).toBe('ok')
  expect(sent.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
    'first',
    'second',
  ])
  keys = ['a', 'b', 'c']
  const stale = refusal('InvalidAccessKeyId.NotFound', 404)
  expect(await kindAfter(ADD, stale, stale, stale)).toBe('refused')
})

test('signs by the clock of the cloud once it has refused ours, and asks again at once', async () => {
  const headers = { date: new Date(START + 3_600_000).toUTCString() }
  expect(await kindAfter(RUN, { ...refusal('InvalidTimeStamp.Expired'), headers })).toBe('ok')
  expect(sent.map((request) => request.headers['x-acs-date'])).toEqual([
    new Date(START).toISOString().replace('.000', ''),
    new Date(START + 3_600_000).toISOString().replace('.000', ''),
  ])
  const expired = refusal('InvalidTimeStamp.Expired')
  expect(await kindAfter(RUN, expired, expired)).toBe('refused')
})

test('tells that there are no credentials, and sends nothing', async () => {
  keys = []
  expect(await settle(call(READ, never))).toMatchObject({
    ok: false,
    fault: { kind: 'unsent', code: 'Credentials', message: 'nobody has any' },
  })
  expect(sent).toEqual([])
})

test('names what is wrong in an answer, and that the work is done', async () => {
  script = [{ body: { RequestId: 'r-7', Count: 'many' } }]
  expect(await settle(call(RUN, never))).toMatchObject({
    ok: false,
    fault: {
      kind: 'unread',
      requestId: 'r-7',
      message: 'RunInstances was done, but of its answer Count should be a number and is of type string',
    },
  })
})

test('ends with the reason of the caller', async () => {
  script = ['silence']
  const stop = new AbortController()
  const outcome = call(READ, stop.signal)
  await clock.advance(0)
  stop.abort(new Error('enough'))
  await expect(outcome).rejects.toThrow('enough')
})
