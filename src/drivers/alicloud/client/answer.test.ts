import { expect, test } from 'vitest'
import { type HttpAnswer, readAnswer } from './answer.ts'
import { Fields, WrongAnswer } from './fields.ts'

function read(
  status: number,
  body: unknown,
  headers: HttpAnswer['headers'] = {},
  signed: string | null = null,
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readAnswer({ status, headers, text }, signed)
}

function faultOf(...answer: Parameters<typeof read>) {
  const outcome = read(...answer)
  return outcome.ok ? null : outcome.fault
}

test('a 200 is the fields of its body', () => {
  const outcome = read(200, { RequestId: 'r', InstanceIdSets: { InstanceIdSet: ['i-1', 'i-2'] } })
  expect(outcome.ok && outcome.value.inside('InstanceIdSets').texts('InstanceIdSet')).toEqual(['i-1', 'i-2'])
})

test.each([
  ['DescribeMetricLast', { Code: '200', Datapoints: '[]' }],
  ['PutCustomMetric', { Code: 200, Success: true }],
])('the code of %s inside a 200 that means well is none', (_, body) => {
  expect(read(200, body).ok).toBe(true)
})

test('tells code, request and wait of a refusal', () => {
  const body = { RequestId: 'r-1', HostId: 'ecs', Code: 'Throttling.User', Message: 'Request was denied.' }
  expect(faultOf(400, body, { 'x-acs-retry-after': '1500' })).toEqual({
    kind: 'throttled',
    code: 'Throttling.User',
    message: 'Request was denied.',
    requestId: 'r-1',
    status: 400,
    retryAfterMs: 1500,
  })
})

test.each([
  [400, 'Throttling', 'throttled'],
  [400, 'Rejected.Throttling', 'throttled'],
  [429, 'TooMany', 'throttled'],
  [400, 'ServiceIsConfiguring', 'busy'],
  [400, 'IncorrectStatus.ServerGroup', 'busy'],
  [403, 'OperationDenied.NoStock', 'refused'],
  [403, 'Forbidden.RAM', 'refused'],
  [400, 'ThrottlingPolicyNotFound', 'refused'],
  [400, 'InternalError', 'lost'],
  [503, 'Anything', 'lost'],
  [200, 'Throttling.User', 'throttled'],
  [200, '500', 'lost'],
  [200, '403', 'refused'],
])('HTTP %d with code %s is %s', (status, Code, kind) => {
  expect(faultOf(status, { Code, Message: 'm' })?.kind).toBe(kind)
})

test('a 200 that says it failed has failed', () => {
  expect(faultOf(200, { Success: false, Message: 'no' })).toMatchObject({ kind: 'refused', code: 'HTTP.200' })
})

test.each([
  [502, '<html><head><title>502 Bad\nGateway</title></head></html>', 'lost', '502 Bad Gateway'],
  [503, '', 'lost', 'the answer is empty'],
  [404, 'nothing here', 'refused', 'nothing here'],
  [200, '', 'unread', 'the answer is empty'],
  [200, '<html>log in</html>', 'unread', 'log in'],
  [200, '[1]', 'unread', '[1]'],
  [200, 'null', 'unread', 'null'],
])('HTTP %d with the body %j is %s and is named', (status, text, kind, shown) => {
  const fault = faultOf(status, text, { 'x-acs-request-id': 'r-2' })
  expect(fault).toMatchObject({ kind, code: `HTTP.${status}`, requestId: 'r-2' })
  expect(fault?.message).toContain(shown)
})

test('shows little of a long page', () => {
  expect(faultOf(502, 'x'.repeat(10_000))?.message.length).toBeLessThan(300)
})

test.each([
  ['ACS3-HMAC-SHA256\nabc', 'The access key secret is wrong.'],
  ['ACS3-HMAC-SHA256\nother', 'The request was changed on its way, by a proxy perhaps.'],
])('tells a wrong secret from a changed request and repeats nothing that was signed', (signed, why) => {
  const Message = 'Not matched. server string to sign is:ACS3-HMAC-SHA256\nabc'
  expect(faultOf(400, { Code: 'SignatureDoesNotMatch', Message }, {}, signed)?.message).toBe(
    `Not matched. ${why}`,
  )
})

test('numbers and flags may come as texts', () => {
  const fields = new Fields({ Weight: '100', TradePrice: 0.165, On: 'true', Off: false }, '')
  expect([fields.number('Weight'), fields.text('TradePrice'), fields.flag('On'), fields.flag('Off')]).toEqual(
    [100, '0.165', true, false],
  )
})

test.each<[string, (fields: Fields) => unknown, string]>([
  ['a missing list', (f) => f.list('Instances'), 'Instances should be a list and is missing'],
  ['no number', (f) => f.number('Empty'), 'Empty should be a number and is of type string'],
  ['a null', (f) => f.text('Null'), 'Null should be a text and is null'],
  ['a list for a text', (f) => f.text('Items'), 'Items should be a text and is a list'],
  ['a text for an item', (f) => f.list('Items'), 'Items[0] should be an object and is of type string'],
  ['an item of the wrong type', (f) => f.list('Deep')[0]?.flag('On'), 'Deep[0].On should be true or false'],
  ['a text for an object', (f) => f.inside('Empty'), 'Empty should be an object'],
])('names %s by its place', (_, ask, message) => {
  const fields = new Fields({ Empty: '', Null: null, Items: ['x'], Deep: [{ On: 1 }] }, '')
  expect(() => ask(fields)).toThrow(WrongAnswer)
  expect(() => ask(fields)).toThrow(message)
})

test('has tells what is there, and null is not', () => {
  const fields = new Fields({ a: '', b: null }, '')
  expect(['a', 'b', 'c'].map((name) => fields.has(name))).toEqual([true, false, false])
})
