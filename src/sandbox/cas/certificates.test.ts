import { afterAll, beforeEach, expect, test } from 'vitest'
import { Authority, type Pair } from '../../../test/kit/certificates.ts'
import { Cloud } from '../../../test/kit/cloud.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const first = authority.issue(['a.example.com', '*.a.example.com'])
const second = authority.issue(['b.example.com'])

let cloud: Cloud
beforeEach(() => {
  cloud = new Cloud()
})

const cas = (action: string, query: object = {}) => cloud.ask('cas', action, query as never)
const upload = (Name: string, { cert, key }: Pair) =>
  cas('UploadUserCertificate', { Name, Cert: cert, Key: key })

test('a certificate is uploaded, read and deleted', () => {
  const { CertId } = upload('first', first)
  expect(cas('ListUserCertificateOrder', { OrderType: 'UPLOAD', Keyword: 'a.example' })).toMatchObject({
    TotalCount: 1,
    CertificateOrderList: [
      {
        CertificateId: CertId,
        Name: 'first',
        CommonName: 'a.example.com',
        Sans: 'a.example.com,*.a.example.com',
        Upload: true,
      },
    ],
  })
  expect(cas('ListUserCertificateOrder', { OrderType: 'UPLOAD', Keyword: 'first' }).TotalCount).toBe(0)
  const expired = { OrderType: 'UPLOAD', Status: 'EXPIRED' }
  expect(cas('ListUserCertificateOrder', expired).TotalCount).toBe(0)
  const detail = cas('GetUserCertificateDetail', { CertId })
  expect(detail).toMatchObject({ Id: CertId, Cert: first.cert, Issuer: 'Tidegate test authority' })
  expect(detail.NotAfter).toBeGreaterThan(detail.NotBefore)
  expect(cas('GetUserCertificateDetail', { CertId, CertFilter: true }).Key).toBeUndefined()
  cas('DeleteUserCertificate', { CertId })
  expect(cas('GetUserCertificateDetail', { CertId }).Code).toBe('NotFound')
})

test('what is no certificate with its own key, or has the name of another, is refused', () => {
  expect(upload('x', { ...first, cert: 'none' }).Code).toBe('CertificateFormatError')
  expect(upload('x', { ...first, key: second.key }).Code).toBe('CertificateKeyNotMatch')
  expect(upload('x'.repeat(64), first).Code).toBe('InvalidParameter.Name')
  upload('x', first)
  expect(upload('x', second).Code).toBe('NameRepeat')
})
