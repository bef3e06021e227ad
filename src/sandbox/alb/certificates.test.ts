import { afterAll, beforeEach, expect, test } from 'vitest'
import { AlbCloud } from '../../../test/kit/alb-cloud.ts'
import { Authority, type Pair } from '../../../test/kit/certificates.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const first = authority.issue(['a.example.com', '*.a.example.com'])
const second = authority.issue(['b.example.com'])

let cloud: AlbCloud
beforeEach(() => {
  cloud = new AlbCloud()
})

/** Uploads one, and says how other products call it. */
function idOf(Name: string, { cert, key }: Pair): string {
  return `${cloud.ask('cas', 'UploadUserCertificate', { Name, Cert: cert, Key: key }).CertId}-cn-hangzhou`
}

test('a listener shows one certificate to all, others by name, and changes both by jobs', async () => {
  const [a, b] = [idOf('a', first), idOf('b', second)]
  const balancer = await cloud.balancer()
  const https = { ListenerPort: 443, ListenerProtocol: 'HTTPS' }
  const ListenerId = await cloud.listener(balancer, await cloud.group(), {
    ...https,
    Certificates: [{ CertificateId: a }],
  })
  const shown = () => cloud.alb('ListListenerCertificates', { ListenerId }).Certificates
  const about = { ListenerId, Certificates: [{ CertificateId: b }] }
  cloud.alb('AssociateAdditionalCertificatesWithListener', about)
  expect(shown()).toMatchObject([
    { CertificateId: a, IsDefault: true, Status: 'Associated' },
    { CertificateId: b, IsDefault: false, Status: 'Associating' },
  ])
  await cloud.advance(2_000)
  expect(cloud.alb('AssociateAdditionalCertificatesWithListener', about).Code).toBe(
    'ResourceAlreadyAssociated.Certificate',
  )
  cloud.alb('DissociateAdditionalCertificatesFromListener', about)
  expect(shown()[1].Status).toBe('Diassociating')
  await cloud.advance(2_000)
  expect(cloud.alb('DissociateAdditionalCertificatesFromListener', about).Code).toBe(
    'ResourceNotFound.Certificate',
  )
  await cloud.done('UpdateListenerAttribute', about)
  expect(shown()).toMatchObject([{ CertificateId: b, IsDefault: true }])
  expect(cloud.alb('GetListenerAttribute', { ListenerId }).Certificates).toEqual([{ CertificateId: b }])
  const unknown = { ListenerId, Certificates: [{ CertificateId: '1-cn-hangzhou' }] }
  expect(cloud.alb('UpdateListenerAttribute', unknown).Code).toBe('ResourceNotFound.Certificate')
})
