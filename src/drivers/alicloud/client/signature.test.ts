import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from './secret.ts'
import { encodeForm, type Signer, sign } from './signature.ts'

/** By require: its ES module form differs between Node and the test runner. */
const vendor: typeof import('@alicloud/openapi-core') = createRequire(import.meta.url)(
  '@alicloud/openapi-core',
)

const HOSTILE = "a b+c*d~e!f'g(h)i/j?k&l=m%20n:中文\u{1f600}"

/** What the vendor's client sent last. */
let seen: { headers: IncomingMessage['headers']; url: string; body: string }
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  seen = { headers: request.headers, url: request.url ?? '', body: Buffer.concat(chunks).toString() }
  response.setHeader('content-type', 'application/json')
  response.end('{"RequestId":"r"}')
})

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function aSigner(securityToken: string | null = null): Signer {
  return {
    accessKeyId: 'LTAI-test',
    accessKeySecret: new Secret('very secret'),
    securityToken: securityToken === null ? null : new Secret(securityToken),
  }
}

async function sentByTheVendor(
  signer: Signer,
  { query = {}, body }: { query?: Record<string, string>; body?: Record<string, string> },
): Promise<typeof seen> {
  const { $OpenApiUtil, default: Client } = vendor
  const client = new Client(
    new $OpenApiUtil.Config({
      endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      protocol: 'http',
      accessKeyId: signer.accessKeyId,
      accessKeySecret: signer.accessKeySecret.reveal(),
      ...(signer.securityToken ? { securityToken: signer.securityToken.reveal() } : {}),
    }),
  )
  const params = new $OpenApiUtil.Params({
    action: 'RunInstances',
    version: '2014-05-26',
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  })
  await client.callApi(
    params,
    new $OpenApiUtil.OpenApiRequest({ query, ...(body ? { body } : {}) }),
    {} as never, // no option is set
  )
  return seen
}

const plain = { RegionId: 'cn-hangzhou', 'Tag.1.Key': 'owner', 'Tag.10.Key': 'x', 'Tag.2.Key': 'y', Name: '' }

test.each([
  ['a query', aSigner(), { query: plain }],
  ['hostile characters', aSigner(), { query: { ...plain, UserData: HOSTILE } }],
  ['a form', aSigner(), { query: plain, body: { 'Servers.1.ServerId': 'i-1', Note: HOSTILE } }],
  ['keys that end', aSigner('sts+token/=='), { query: plain }],
])("signs %s as the vendor's own client does", async (_, signer, parameters) => {
  const theirs = await sentByTheVendor(signer, parameters)
  const { authorization = '', ...headers } = theirs.headers as Record<string, string>
  const { headers: ours } = sign(
    { method: 'POST', path: '/', query: parameters.query, headers: unsigned(headers), body: theirs.body },
    signer,
    { date: Date.parse(headers['x-acs-date']!), nonce: headers['x-acs-signature-nonce']! },
  )
  expect(ours.authorization).toBe(authorization)
  expect(ours).toMatchObject(headers)
})

/** What the signature itself is to add is taken away. */
function unsigned(headers: Record<string, string>): Record<string, string> {
  const added = ['date', 'signature-nonce', 'content-sha256', 'accesskey-id', 'security-token']
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !added.some((end) => name === `x-acs-${end}`)),
  )
}

test("sends the form that the vendor's client would, in its meaning", async () => {
  const body = { Note: HOSTILE, 'Servers.1.Weight': '0' }
  const theirs = await sentByTheVendor(aSigner(), { body })
  expect(Object.fromEntries(new URLSearchParams(encodeForm(body)))).toEqual(
    Object.fromEntries(new URLSearchParams(theirs.body)),
  )
})

test('writes the canonical request by the book', () => {
  const { canonicalRequest, stringToSign } = sign(
    {
      method: 'POST',
      path: '/',
      query: { b: '*', a: ' ' },
      headers: { Host: 'ecs.example ', accept: 'application/json', 'x-acs-action': 'X' },
      body: '',
    },
    aSigner(),
    { date: Date.UTC(2026, 0, 2, 3, 4, 5, 678), nonce: 'n' },
  )
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  expect(canonicalRequest).toBe(
    [
      'POST',
      '/',
      'a=%20&b=%2A',
      'host:ecs.example',
      'x-acs-action:X',
      `x-acs-content-sha256:${empty}`,
      'x-acs-date:2026-01-02T03:04:05Z',
      'x-acs-signature-nonce:n',
      '',
      'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce',
      empty,
    ].join('\n'),
  )
  expect(stringToSign).toMatch(/^ACS3-HMAC-SHA256\n[0-9a-f]{64}$/)
})

test('a secret is shown by nothing but reveal', () => {
  const secret = new Secret('very secret')
  const shown = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
    String(Object.values(secret)),
  ]
  expect(shown.join(' ')).not.toContain('very')
  expect(secret.reveal()).toBe('very secret')
})
