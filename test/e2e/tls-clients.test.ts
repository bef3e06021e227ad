import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram, freePort } from '../../bench/kit/processes.ts'
import { Answerer } from '../kit/answerer.ts'
import { Authority, type Pair } from '../kit/certificates.ts'
import { Tidegate } from '../kit/tidegate.ts'

const missing = ['openssl', 'curl'].find((name) => findProgram(name) === null)
const reason = missing === undefined ? '' : ` (needs ${missing})`
const proved = test.skipIf(missing !== undefined)

let authority: Authority
let web: Pair
let other: Pair
let client: Pair
beforeAll(() => {
  authority = new Authority()
  web = authority.issue(['web.test', '*.web.test', '127.0.0.1'])
  other = authority.issue(['other.test'])
  client = authority.issue(['client.test'])
})
afterAll(() => authority.remove())

const pair = ({ certFile, keyFile }: Pair) => `{ cert: ${certFile}, key: ${keyFile} }`
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n`

/** As openssl calls them. */
const GROUPS: Readonly<Record<string, string>> = { X25519: 'X25519', prime256v1: 'P-256', secp384r1: 'P-384' }

interface Parts {
  /** Further keys of the listener, of its tls, and of the file. */
  readonly listener?: string
  readonly tls?: string
  readonly file?: string
}

/** Two workers, an https listener `web`, and a server that answers with what it was sent. */
async function start(address: string, { listener, tls = '', file = '' }: Parts = {}): Promise<Tidegate> {
  const certificates = `certificates: [ ${pair(web)}, ${pair(other)} ]`
  const tidegate = new Tidegate(`
gateway: { workers: 2, access-log: ./access.log }
${file}
listeners:
  web: { protocol: https, tls: { ${certificates}${tls} }, pool: api, ${listener ?? 'bind: "127.0.0.1:0"'} }
  plain: { bind: "127.0.0.1:0", pool: api }
pools:
  api: { servers: [ { address: "${address}" } ], upstream: { tls: { enabled: false } } }
`)
  tidegate.start()
  await tidegate.until('a healthy member', async () =>
    (await tidegate.pool())?.members.every(({ state }) => state === 'healthy'),
  )
  return tidegate
}

/** All that `openssl s_client` says, after it has asked for a path and heard the answer. */
function openssl({ port, path = '/' }: { port: string; path?: string }, ...args: string[]): Promise<string> {
  const trust = ['-CAfile', authority.ca.certFile, '-verify_return_error']
  const isNamed = args.some((arg) => arg.endsWith('servername'))
  const where = ['-connect', `127.0.0.1:${port}`, ...(isNamed ? [] : ['-servername', 'web.test'])]
  return said('openssl', ['s_client', ...where, ...trust, '-ign_eof', ...args], get(path))
}

function curl(...args: string[]): Promise<string> {
  return said('curl', ['--silent', '--cacert', authority.ca.certFile, ...args])
}

/** The server is in this process, so nothing may stop it. */
async function said(program: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  await once(child, 'close')
  return text
}

proved(`openssl s_client: names, versions and groups, as the access log has them${reason}`, async () => {
  await using server = await Answerer.start()
  await using tidegate = await start(server.address)
  const { port } = new URL(await tidegate.url())
  const subject = async (...args: string[]) => /subject=(.*)/.exec(await openssl({ port }, ...args))?.[1]
  expect(await subject('-servername', 'other.test')).toBe('CN = other.test')
  expect(await subject('-servername', 'a.web.test')).toBe('CN = web.test')
  expect(await subject('-noservername')).toBe('CN = web.test')

  const cases = [
    ['-tls1_3', '-groups', 'X25519'],
    ['-tls1_3', '-groups', 'P-256:X25519'],
    ['-tls1_3', '-groups', 'P-521:P-384'],
    ['-tls1_2', '-groups', 'P-384:P-256'],
  ]
  const file = join(tidegate.folder, 'access.log')
  const line = (path: string) =>
    tidegate.until('its line', () => {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
      const own = lines.find((one) => one.includes(path))
      return own === undefined ? null : (JSON.parse(own) as { tls: string; tlsGroup: string })
    })
  const seen: string[] = []
  for (const [n, args] of cases.entries()) {
    const answer = await openssl({ port, path: `/case-${n}` }, ...args)
    expect(answer).toContain('HTTP/1.1 200 OK')
    const [, key = '', curve = ''] = /Server Temp Key: (\w+)(?:, (\w+))?/.exec(answer) ?? []
    const group = GROUPS[key === 'ECDH' ? curve : key]
    const version = /^New, (TLSv1\.\d)/m.exec(answer)?.[1]
    const { tls, tlsGroup } = await line(`/case-${n}`)
    expect({ tls, tlsGroup }).toEqual({ tls: version, tlsGroup: group })
    seen.push(tlsGroup)
  }
  // Of the two groups of the second, the one whose share it has sent saves a way there and back.
  expect(seen).toEqual(['X25519', 'P-256', 'P-384', 'P-256'])
  for (const old of ['-tls1_1', '-tls1'])
    expect(await openssl({ port }, old, '-cipher', 'ALL:@SECLEVEL=0')).toMatch(/alert/)
})

proved(
  `openssl s_client: sessions are resumed by every worker, and by the next gateway${reason}`,
  async () => {
    await using server = await Answerer.start()
    await using tidegate = await start(server.address)
    for (const version of ['-tls1_3', '-tls1_2']) {
      const session = join(tidegate.folder, `session${version}`)
      const { port } = new URL(await tidegate.url())
      expect(await openssl({ port }, version, '-sess_out', session)).toContain('New, ')
      // Each connection is a new one, so that each worker has its turn.
      for (let n = 0; n < 8; n++)
        expect(await openssl({ port }, version, '-sess_in', session)).toContain('Reused, ')
      const gateway = tidegate.gateway!
      process.kill(gateway.pid, 'SIGKILL')
      await tidegate.successor('gateway', gateway)
      const again = await tidegate.until('the port to be open', async () => {
        const answer = await openssl({ port }, version, '-sess_in', session)
        return answer.includes('HTTP/1.1 200 OK') ? answer : null
      })
      expect(again).toContain('Reused, ')
    }
  },
)

proved(
  `curl: a client certificate opens what a rule asks one for, and servers are told whose it is${reason}`,
  async () => {
    await using server = await Answerer.start()
    const tls = `, client-certificate: { ca: ${authority.ca.certFile}, mode: request }`
    const own = '{ match: { path: /admin/*, client-certificate: client.test }, pool: api }'
    const rules = `[ ${own}, { match: { path: /admin/* }, respond: { status: 403, body: no } } ]`
    await using tidegate = await start(server.address, {
      tls,
      listener: `bind: "127.0.0.1:0", rules: ${rules}`,
    })
    const url = (await tidegate.url()).replace('http:', 'https:')
    const ours = ['--cert', client.certFile, '--key', client.keyFile]
    const others = ['--cert', other.certFile, '--key', other.keyFile]
    const forged = ['--header', 'Client-Cert: :Zm9yZ2Vk:']
    for (const version of [['--tlsv1.3'], ['--tls-max', '1.2']]) {
      expect(await curl(...version, ...forged, `${url}admin/x`)).toBe('no')
      expect(await curl(...version, ...others, `${url}admin/x`)).toBe('no')
      const { headers } = JSON.parse(await curl(...version, ...ours, ...forged, `${url}admin/x`))
      const pem = client.cert.replaceAll(/-----[^-]+-----|\s/g, '')
      expect(headers['client-cert']).toBe(`:${pem}:`)
      expect(JSON.parse(await curl(...version, ...forged, url)).headers['client-cert']).toBeUndefined()
    }
  },
)

proved(
  `curl: https: only sends plain requests on, and tells browsers to come by https${reason}`,
  async () => {
    await using server = await Answerer.start()
    const port = await freePort()
    const listener = `bind: "127.0.0.1:${port}"`
    await using tidegate = await start(server.address, { listener, file: 'https: only' })
    const plain = await tidegate.url('plain')
    const secure = `https://127.0.0.1:${port}/a?b=c`
    expect(await curl('--head', `${plain}a?b=c`)).toMatch(/^HTTP\/1\.1 308 /)
    const sent = ['--location', '--data', 'body', '--write-out', '\n%{url_effective} %{num_redirects}']
    const [body = '', effective] = (await curl(...sent, `${plain}a?b=c`)).split('\n')
    expect(effective).toBe(`${secure} 1`)
    expect(JSON.parse(body)).toMatchObject({ method: 'POST', headers: { 'x-forwarded-proto': 'https' } })
    expect(await curl('--head', secure)).toMatch(/^strict-transport-security: max-age=31536000\r$/im)
  },
)
