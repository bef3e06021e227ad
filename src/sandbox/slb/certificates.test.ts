import { afterAll, beforeEach, expect, test } from 'vitest'
import { Authority } from '../../../test/kit/certificates.ts'
import { Clb } from '../../../test/kit/clb.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const pair = authority.issue(['a.test', 'b.test'])
const other = authority.issue(['c.test'])

let clb: Clb
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
})

const upload = (ServerCertificate: string, PrivateKey: string) =>
  clb.ask('UploadServerCertificate', { ServerCertificate, PrivateKey, ServerCertificateName: 'web' })
const list = () => clb.ask('DescribeServerCertificates').ServerCertificates.ServerCertificate

test('a certificate is told of without its text, and kept while a listener shows it', async () => {
  const { ServerCertificateId } = upload(pair.cert, pair.key)
  expect(list()).toMatchObject([
    {
      ServerCertificateId,
      ServerCertificateName: 'web',
      SubjectAlternativeNames: { SubjectAlternativeName: ['a.test', 'b.test'] },
      Fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/),
    },
  ])
  expect(JSON.stringify(list())).not.toContain('BEGIN')
  const port = { ListenerPort: 443, BackendServerPort: 80, HealthCheck: 'on', StickySession: 'off' }
  await clb.done('CreateLoadBalancerHTTPSListener', { ...port, ServerCertificateId })
  const remove = () => clb.ask('DeleteServerCertificate', { ServerCertificateId })
  expect(remove().Code).toBe('CertificateAndPrivateKeyIsRefered')
  const next = upload(other.cert, other.key).ServerCertificateId
  await clb.done('SetLoadBalancerHTTPSListenerAttribute', { ListenerPort: 443, ServerCertificateId: next })
  expect(remove().Code).toBeUndefined()
  expect(list()).toHaveLength(1)
  expect(remove().Code).toBe('InvalidParameter')
})

test.each([
  ['nothing', '', pair.key, 'InvalidParameter'],
  ['what is no certificate', 'no certificate', pair.key, 'KeyFormatError'],
  ['what is no key', pair.cert, 'no key', 'InvalidParameter'],
  ['a key that needs a password', pair.cert, '-----BEGIN ENCRYPTED PRIVATE KEY-----', 'PrivateKeyEncryption'],
  ['the key of another one', pair.cert, other.key, 'CertificateNotMatchPrivateKey'],
])('refuses %s', (_, cert, key, code) => {
  expect(upload(cert, key).Code).toBe(code)
})
