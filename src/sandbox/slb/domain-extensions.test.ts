import { afterAll, beforeEach, expect, test } from 'vitest'
import { Authority } from '../../../test/kit/certificates.ts'
import { Clb } from '../../../test/kit/clb.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const pairs = [authority.issue(['a.test']), authority.issue(['b.test'])]

let clb: Clb
let ids: readonly string[]
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
  ids = pairs.map(
    ({ cert, key }) =>
      clb.ask('UploadServerCertificate', { ServerCertificate: cert, PrivateKey: key }).ServerCertificateId,
  )
  await change('CreateLoadBalancerHTTPSListener', {
    BackendServerPort: 80,
    HealthCheck: 'off',
    StickySession: 'off',
    ServerCertificateId: ids[0],
  })
})

/** One change after the other: the balancer takes its time for each. */
async function change(action: string, query: Record<string, unknown>) {
  const answer = clb.ask(action, { LoadBalancerId: clb.id, ListenerPort: 443, ...query })
  await clb.cloud.advance(1000)
  return answer
}
const domains = () =>
  clb.ask('DescribeDomainExtensions', { LoadBalancerId: clb.id, ListenerPort: 443 }).DomainExtensions
    .DomainExtension

test('a listener shows other certificates for other server names', async () => {
  const extension = { Domain: 'b.test', ServerCertificateId: ids[1] }
  const { DomainExtensionId } = await change('CreateDomainExtension', extension)
  expect(domains()).toEqual([{ DomainExtensionId, ...extension }])
  expect(clb.ask('DeleteServerCertificate', { ServerCertificateId: ids[1] }).Code).toBe(
    'CertificateAndPrivateKeyIsRefered',
  )
  await change('SetDomainExtensionAttribute', { DomainExtensionId, ServerCertificateId: ids[0] })
  expect(domains()).toEqual([{ DomainExtensionId, Domain: 'b.test', ServerCertificateId: ids[0] }])
  await change('DeleteDomainExtension', { DomainExtensionId })
  expect(domains()).toEqual([])
  expect((await change('DeleteDomainExtension', { DomainExtensionId })).Code).toBe(
    'InvalidParameter.DomainExtensionId',
  )
})

test('a listener has three of them, one a name, of certificates that are there', async () => {
  const create = (Domain: string, ServerCertificateId = ids[1]) =>
    change('CreateDomainExtension', { Domain, ServerCertificateId })
  for (const name of ['b.test', 'c.test']) expect((await create(name)).Code).toBeUndefined()
  expect((await create('b.test')).Message).toContain('already exists')
  expect((await create('d.test', 'none')).Code).toBe('ResourceNotFound.Certificate')
  await create('d.test')
  expect((await create('e.test')).Code).toBe('OverQuota')
})
