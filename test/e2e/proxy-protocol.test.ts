import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { Haproxy, whyNoHaproxy } from '../kit/haproxy.ts'
import { Tidegate } from '../kit/tidegate.ts'

const unable = whyNoHaproxy()
const reason = unable === null ? '' : ` (${unable})`

/** Takes connections with a header alone, and answers with the client that it names. */
const BEHIND = `
frontend behind
  bind 127.0.0.1:PORT accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src]:%[src_port]"
`

const before = (send: string, port: number) => `
frontend before
  bind 127.0.0.1:PORT
  default_backend tidegate
backend tidegate
  server t 127.0.0.1:${port} ${send}
`

/** What was answered, and from which port of ours it was asked. */
function curl(...args: string[]): { body: string; port: string } {
  const { stdout } = spawnSync('curl', ['-s', '-w', '\n%{local_port}', ...args], { encoding: 'utf8' })
  const [body = '', port = ''] = stdout.split('\n')
  return { body, port }
}

test.skipIf(unable !== null)(
  `HAProxy tells Tidegate the client, and Tidegate tells HAProxy${reason}`,
  async () => {
    await using behind = await Haproxy.start(BEHIND)
    const servers = `servers: [ { address: "127.0.0.1:${behind.port}" } ], health: { interval: 1s }`
    const proxied = 'proxy-protocol: required, trusted-proxies: 127.0.0.0/8'
    await using tidegate = new Tidegate(`
listeners:
  one: { bind: "127.0.0.1:0", pool: v1, ${proxied} }
  two: { bind: "127.0.0.1:0", pool: v2, ${proxied} }
  plain: { bind: "127.0.0.1:0", pool: v2 }
  bytes: { bind: "127.0.0.1:0", protocol: tcp, pool: v1, ${proxied} }
pools:
  v1: { ${servers}, upstream: { proxy-protocol: v1 } }
  v2: { ${servers}, upstream: { proxy-protocol: v2 } }
`)
    tidegate.start()
    const portOf = async (listener: string) => Number(new URL(await tidegate.url(listener)).port)
    // The server takes nobody without a header: its checks pass because they have one.
    await Promise.all([tidegate.healthy('v1'), tidegate.healthy('v2')])

    for (const send of ['send-proxy', 'send-proxy-v2'])
      for (const listener of ['one', 'two', 'bytes']) {
        await using front = await Haproxy.start(before(send, await portOf(listener)))
        const { body, port } = await tidegate.until(`an answer through ${listener}`, () => {
          const answer = curl(`http://127.0.0.1:${front.port}/`)
          return answer.body.startsWith('127.') ? answer : null
        })
        expect(body, `${send} to ${listener}`).toBe(`127.0.0.1:${port}`)
      }

    const own = curl(await tidegate.url('plain'))
    expect(own.body).toBe(`127.0.0.1:${own.port}`)
    const byCurl = curl('--haproxy-protocol', await tidegate.url('one'))
    expect(byCurl.body).toBe(`127.0.0.1:${byCurl.port}`)
    // Without a header there is no answer at all.
    expect(curl(await tidegate.url('one')).body).toBe('')
  },
)
