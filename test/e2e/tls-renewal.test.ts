import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram } from '../../bench/kit/processes.ts'
import { localApi } from '../../src/app/terminal.ts'
import { Answerer } from '../kit/answerer.ts'
import { Authority } from '../kit/certificates.ts'
import { Haproxy, whyNoHaproxy } from '../kit/haproxy.ts'
import { Tidegate } from '../kit/tidegate.ts'

let authority: Authority
beforeAll(() => {
  authority = new Authority()
})
afterAll(() => authority.remove())

/** One request on a connection of this agent, or on one of its own; the port that it came from and the body of its answer. */
async function get(port: number, agent: Agent | false): Promise<{ from: number; body: string }> {
  const asking = request({ port, host: '127.0.0.1', servername: 'web.test', ca: authority.ca.cert, agent })
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const from = response.socket.localPort!
  let body = ''
  for await (const chunk of response) body += chunk
  return { from, body }
}

/** Of the certificate that a new connection is shown. */
async function subject(port: number): Promise<string | undefined> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'web.test', ca: authority.ca.cert })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()
  socket.destroy()
  return certificate?.subject
}

const noOpenssl = findProgram('openssl') === null ? ' (needs openssl)' : ''

test.skipIf(noOpenssl !== '')(
  `a renewed certificate is served without a lost request, and a broken one is not${noOpenssl}`,
  async () => {
    await using server = await Answerer.start()
    const web = authority.issue(['web.test'])
    await using tidegate = new Tidegate(`
gateway: { workers: 2 }
listeners:
  web: { bind: "127.0.0.1:0", protocol: https, pool: api, tls: { certificates: [ { cert: ${web.certFile}, key: ${web.keyFile} } ] } }
pools:
  api: { servers: [ { address: "${server.address}" } ] }
`)
    tidegate.start()
    const port = Number(new URL(await tidegate.url()).port)
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.ca.cert })
    let running = true
    const ask = async (by: Agent | false) => {
      const ports: number[] = []
      while (running) {
        const { from, body } = await get(port, by)
        expect(body).toContain('"url":"/"')
        ports.push(from)
      }
      return ports
    }
    const asking = [ask(agent), ask(false), ask(false)]
    try {
      for (const name of ['first', 'second', 'third']) {
        authority.replace(web, authority.issue([name, 'web.test']))
        await tidegate.until(`the ${name} certificate`, async () => (await subject(port)) === `CN=${name}`)
      }
      writeFileSync(web.certFile, 'half a certif')
      await tidegate.until('a word about it', () =>
        tidegate.log('gateway').includes(`${web.certFile} is no certificate in PEM`),
      )
      expect(await subject(port)).toBe('CN=third')
    } finally {
      running = false
    }
    const [kept, ...others] = (await Promise.all(asking)) as [number[], number[], number[]]
    expect(kept.length).toBeGreaterThan(0)
    expect(new Set(kept).size, 'connections that were kept').toBe(1)
    for (const ports of others) expect(ports.length).toBeGreaterThan(0)
    agent.destroy()
    const page = await metrics(tidegate)
    const ends = Date.parse(new X509Certificate(web.cert).validTo) / 1000
    const expiry = new RegExp(`^tidegate_certificate_expiry_seconds\\{.*"${web.certFile}".*\\} (\\d+)$`, 'm')
    expect(Math.abs(Number(expiry.exec(page)?.[1]) - ends)).toBeLessThan(600)
    expect(page).toMatch(/^tidegate_listener_tls_handshakes_total\{.*group="X25519MLKEM768".*\} [1-9]/m)
  },
)

async function metrics({ stateDir }: Tidegate): Promise<string> {
  const { url, token } = localApi(stateDir)!
  return (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
}

/** TLS alone, with a client certificate; answers with the name in it, and whether the session was resumed. */
const BEHIND = (pem: string, ca: string) => `
frontend behind
  bind 127.0.0.1:PORT ssl crt ${pem} ca-file ${ca} verify required ssl-min-ver TLSv1.2
  http-request return status 200 content-type text/plain lf-string "%[ssl_c_s_dn(cn)] %[ssl_fc_sni]"
`

const unable = whyNoHaproxy() ?? (noOpenssl === '' ? null : noOpenssl)

test.skipIf(unable !== null)(
  `HAProxy as a server takes only the gateway’s certificate, the renewed one too${unable ?? ''}`,
  async () => {
    const server = authority.issue(['backend.test'])
    const own = authority.issue(['gateway-1'])
    const pem = join(authority.folder, 'behind.pem')
    writeFileSync(pem, server.cert + server.key)
    await using behind = await Haproxy.start(BEHIND(pem, authority.ca.certFile))
    const servers = `servers: [ { address: "127.0.0.1:${behind.port}" } ], health: { type: tcp }`
    const tls = (name: string) =>
      `{ ca: ${authority.ca.certFile}, server-name: ${name}, cert: ${own.certFile}, key: ${own.keyFile} }`
    await using tidegate = new Tidegate(`
gateway: { access-log: ./access.log }
listeners:
  web: { bind: "127.0.0.1:0", pool: right }
  wrong: { bind: "127.0.0.1:0", pool: wrong }
pools:
  right: { ${servers}, upstream: { tls: ${tls('backend.test')} } }
  wrong: { ${servers}, upstream: { tls: ${tls('frontend.test')} } }
`)
    tidegate.start()
    const url = await tidegate.url()
    const answer = async (to: string) => (await fetch(to)).text()
    await tidegate.until('an answer', async () => (await answer(url)) === 'gateway-1 backend.test')
    authority.replace(own, authority.issue(['gateway-2']))
    await tidegate.until(
      'the renewed certificate',
      async () => (await answer(url)) === 'gateway-2 backend.test',
    )
    expect((await fetch(await tidegate.url('wrong'))).status).toBe(502)
    await tidegate.until('the reason', () =>
      /TLS to .* failed: .*frontend\.test/.test(tidegate.log('gateway')),
    )
    expect(await metrics(tidegate)).toMatch(/^tidegate_pool_tls_handshakes_total\{.*pool="right".*\} [1-9]/m)
  },
)
