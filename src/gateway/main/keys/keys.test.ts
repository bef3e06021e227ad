import { rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Authority, type Pair } from '../../../../test/kit/certificates.ts'
import type { BalancerSpec } from '../../../core/balancer.ts'
import { NO_KEYS } from './keychain.ts'
import { isSame, Keys } from './keys.ts'

let authority: Authority
let web: Pair
let errors: string[]
let infos: string[]
let keys: Keys

beforeEach(() => {
  authority = new Authority()
  web = authority.issue(['web.test', 'www.web.test'])
  errors = []
  infos = []
  const log = {
    info: (message: string) => void infos.push(message),
    warn() {},
    error: (message: string) => void errors.push(message),
  }
  keys = new Keys({ stateDir: join(authority.folder, 'state'), log, onChange: async () => {} })
})
afterEach(() => {
  keys.close()
  rmSync(authority.folder, { recursive: true, force: true })
})

/** A listener of this pair, and a pool whose servers must be of the authority. */
function spec(): BalancerSpec {
  const tls = {
    certificates: [{ cert: web.certFile, key: web.keyFile }],
    minVersion: 'TLSv1.2',
    groups: ['X25519'],
    handshakeMs: 1,
  }
  const towards = { verify: true, ca: authority.ca.certFile, serverName: null, cert: null, key: null }
  return {
    listeners: [{ name: 'web', tls }],
    pools: [{ name: 'api', upstream: { tls: towards } }],
  } as unknown as BalancerSpec
}

test('listeners and pools have what is in their files, and certificates the names that they are for', async () => {
  const { listeners, pools, certificates } = await keys.read(spec())
  expect(listeners.web?.certificates).toEqual([
    { names: ['web.test', 'www.web.test'], cert: web.cert, key: web.key },
  ])
  expect(pools.api?.ca).toBe(authority.ca.cert)
  expect(certificates).toMatchObject([{ listener: 'web', file: web.certFile }])
  expect(certificates[0]!.expiresAt).toBeGreaterThan(Date.now())
})

test('what TLS asks of either side is as the specification says', async () => {
  const own = { cert: web.certFile, key: web.keyFile }
  const listener = {
    ...{ certificates: [own], minVersion: 'TLSv1.3', groups: ['P-384'], handshakeMs: 3000 },
    clientCertificate: { ca: authority.ca.certFile, mode: 'request' },
  }
  const towards = { verify: false, ca: authority.ca.certFile, serverName: 'api.test', ...own }
  const { listeners, pools } = await keys.read({
    listeners: [{ name: 'web', tls: listener }],
    pools: [{ name: 'api', upstream: { tls: towards } }],
  } as unknown as BalancerSpec)
  const ca = authority.ca.cert
  expect(listeners.web).toMatchObject({
    ...{ minVersion: 'TLSv1.3', groups: ['P-384'], handshakeMs: 3000 },
    clientCertificate: { ca, required: false },
  })
  expect(pools.api).toMatchObject({ verify: false, ca, serverName: 'api.test', cert: web.cert, key: web.key })
})

test('a specification with a bad file is refused, whole', async () => {
  writeFileSync(web.keyFile, authority.issue(['other.test']).key)
  await expect(keys.read(spec())).rejects.toThrow(
    `listener web: ${web.keyFile} is not the key of ${web.certFile}`,
  )
  unlinkSync(authority.ca.certFile)
  await expect(keys.read({ ...spec(), listeners: [] })).rejects.toThrow(/^pool api: .* cannot be read/)
})

test('a renewed pair is another one, and a broken one leaves the old in place and is told', async () => {
  const before = await keys.read(spec())
  expect(isSame(await keys.reread(spec(), before), before)).toBe(true)
  authority.replace(web, authority.issue(['new.test']))
  const renewed = await keys.reread(spec(), before)
  expect(isSame(renewed, before)).toBe(false)
  expect(renewed.listeners.web?.certificates[0]?.names).toEqual(['new.test'])
  writeFileSync(web.certFile, 'half a certif')
  const kept = await keys.reread(spec(), renewed)
  expect(isSame(kept, renewed)).toBe(true)
  expect(kept.certificates).toEqual(renewed.certificates)
  expect(errors).toEqual([
    `listener web: ${web.certFile} is no certificate in PEM; it goes on with the certificate of before`,
  ])
  expect((await keys.reread(spec(), NO_KEYS)).listeners).toEqual({})
  expect(errors[1]).toContain('; it does not serve until that is mended')
  authority.replace(web, authority.issue(['newer.test']))
  await keys.reread(spec(), renewed)
  await keys.reread(spec(), renewed)
  expect(infos).toEqual(['all certificates can be read again'])
})
