import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RuleSpec } from '../../src/core/rule.ts'
import { LISTENER } from '../../src/gateway/lanes.ts'
import { Authority } from '../kit/certificates.ts'
import { hears, TlsTraffic } from '../kit/tls-traffic.ts'
import { cleanUp, GET, until } from '../kit/traffic.ts'

let tls: TlsTraffic
beforeAll(() => {
  tls = new TlsTraffic()
})
afterAll(() => tls.remove())
afterEach(cleanUp)

test('a client without a certificate is kept out where one is required, and told of where one is asked for', async () => {
  const required = await tls.secured({ clientCertificate: { ca: tls.authority.ca.cert, required: true } })
  const without = await tls
    .shake(required)
    .then((socket) => once(socket, 'close'))
    .catch(() => 'refused')
  expect(without).toBeTruthy()
  await until(
    () => required.reader.listener(0, LISTENER.tlsFailed) === 1,
    () => 'one failure',
  )
  const own = await tls.shake(required, { cert: tls.client.cert, key: tls.client.key })
  const forged = GET.replace('\r\n\r\n', '\r\nClient-Cert: :Zm9yZ2Vk:\r\n\r\n')
  const heard = await hears(own, forged, '\r\n\r\nGET')
  expect(heard.match(/^Client-Cert: :MII[\w+/=]+:\r$/gm)).toHaveLength(1)
  expect(heard).not.toContain('Zm9yZ2Vk')
  own.destroy()
  const asked = await tls.secured({ clientCertificate: { ca: tls.authority.ca.cert, required: false } })
  const anonymous = await tls.shake(asked)
  expect(await hears(anonymous, forged, '\r\n\r\nGET')).not.toContain('Client-Cert')
  const self = new Authority()
  const stranger = self.issue(['stranger'])
  const unknown = await tls.shake(asked, { cert: stranger.cert, key: stranger.key })
  expect(await hears(unknown, GET, '\r\n\r\nGET')).not.toContain('Client-Cert')
  self.remove()
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a session of a listener that asks for less opens no other one, over %s',
  async (maxVersion) => {
    const self = new Authority()
    const foreign = self.issue(['client'])
    const open = [
      await tls.secured(),
      await tls.secured({ clientCertificate: { ca: tls.authority.ca.cert, required: false } }),
      await tls.secured({ clientCertificate: { ca: self.ca.cert, required: true } }),
    ]
    const closed = await tls.secured({ clientCertificate: { ca: tls.authority.ca.cert, required: true } })
    for (const traffic of open) {
      const session = await tls.sessionOf(traffic, { maxVersion, cert: foreign.cert, key: foreign.key })
      const socket = await tls.shake(closed, { maxVersion, session }).catch(() => null)
      if (socket !== null)
        await until(
          () => socket.destroyed,
          () => 'the end of the connection',
        )
    }
    expect(closed.reader.listener(0, LISTENER.tlsFailed)).toBe(open.length)
    const own = { maxVersion, cert: tls.client.cert, key: tls.client.key }
    const again = await tls.shake(closed, { ...own, session: await tls.sessionOf(closed, own) })
    expect(await hears(again, GET, '\r\n\r\nGET')).toContain('Client-Cert: :MII')
    expect(again.isSessionReused()).toBe(true)
    again.destroy()
    self.remove()
  },
)

test('a rule takes only clients with a certificate for one of its names', async () => {
  const respond = (body: string) => ({ kind: 'respond', status: 200, body, type: 'text/plain' }) as const
  const rules: readonly RuleSpec[] = [
    { match: { clientCertificate: ['client', 'nobody'] }, action: respond('[the client]') },
    { match: { clientCertificate: ['*'] }, action: respond('[somebody]') },
    { match: {}, action: respond('[anybody]') },
  ]
  const traffic = await tls.secured(
    { clientCertificate: { ca: tls.authority.ca.cert, required: false } },
    { rules },
  )
  const heard = async (pair: { readonly cert?: string; readonly key?: string }) => {
    const socket = await tls.shake(traffic, { cert: pair.cert, key: pair.key })
    const answer = await hears(socket, GET, ']')
    socket.destroy()
    return /\[.*\]/.exec(answer)![0]
  }
  expect(await heard(tls.client)).toBe('[the client]')
  expect(await heard(tls.other)).toBe('[somebody]')
  expect(await heard({})).toBe('[anybody]')
  const self = new Authority()
  expect(await heard(self.issue(['client']))).toBe('[anybody]')
  self.remove()
})
