import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Call, Done } from '../operation.ts'
import { invalid, Refusal } from '../refusal.ts'
import { withEntry, withId } from '../world.ts'
import { toTheSecond } from './answers.ts'
import { isOf, withSlb } from './balancers.ts'
import type { Certificate, Listener } from './state.ts'

/** Of a region: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/limits. */
const QUOTA = 100
const NAME = /^[a-z][\w.-]{0,79}$/i

/** With its key, both in PEM. */
export function uploadServerCertificate(call: Call): Done {
  const { given, account, region, now } = call
  const [pem, key] = [given.text('ServerCertificate'), given.text('PrivateKey')]
  if (pem === '' || key === '')
    throw new Refusal('InvalidParameter', 'The specified parameter ServerCertificate or Key is empty.')
  if (!parsed(pem).checkPrivateKey(keyIn(key)))
    throw new Refusal('CertificateNotMatchPrivateKey', 'Certificate and key does not match.')
  if (owned(call).length >= QUOTA) throw new Refusal('OverQuota', 'The Total is over the quota.')
  const [made, id] = withId(call.world, `${account}_`)
  const name = given.has('ServerCertificateName') ? given.text('ServerCertificateName') : id
  if (name !== id && !NAME.test(name)) throw invalid('ServerCertificateName')
  const certificate = { id, account, region, name, pem, key, createdAt: now }
  const world = withSlb(made, { certificates: withEntry(made.slb.certificates, id, certificate) })
  return { world, body: answerOf(certificate) }
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new Refusal('KeyFormatError', 'The specified ServerCertificate is incorrectly formatted.')
  }
}

function keyIn(pem: string): KeyObject {
  if (pem.includes('ENCRYPTED')) throw new Refusal('PrivateKeyEncryption', 'Key has Encrypted .')
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Refusal('InvalidParameter', 'The specified parameter key format is error.')
  }
}

function owned(call: Call): readonly Certificate[] {
  return [...call.world.slb.certificates.values()].filter((one) => isOf(call, one))
}

export function describeServerCertificates(call: Call): Done {
  const { given } = call
  const found = owned(call).filter(
    ({ id }) => !given.has('ServerCertificateId') || given.text('ServerCertificateId') === id,
  )
  return { world: call.world, body: { ServerCertificates: { ServerCertificate: found.map(answerOf) } } }
}

/** Neither the certificate nor its key is given out again. */
function answerOf({ id, region, name, pem, createdAt }: Certificate) {
  const { fingerprint, subject, subjectAltName = '', validToDate } = parsed(pem)
  const names = subjectAltName.split(', ').filter((one) => one.startsWith('DNS:'))
  return {
    ServerCertificateId: id,
    ServerCertificateName: name,
    RegionId: region,
    Fingerprint: fingerprint.toLowerCase(),
    CommonName: /^CN=(.*)$/m.exec(subject ?? '')?.[1] ?? '',
    SubjectAlternativeNames: { SubjectAlternativeName: names.map((one) => one.slice('DNS:'.length)) },
    CreateTime: toTheSecond(createdAt),
    CreateTimeStamp: createdAt,
    ExpireTime: toTheSecond(validToDate.getTime()),
    ExpireTimeStamp: validToDate.getTime(),
    IsAliCloudCertificate: 0,
  }
}

/** Refused while a listener shows it. */
export function deleteServerCertificate(call: Call): Done {
  const { world, given } = call
  const id = given.text('ServerCertificateId')
  if (!owned(call).some((one) => one.id === id))
    throw new Refusal('InvalidParameter', 'The specified parameter ServerCertificateId is not Support.')
  const listeners = [...world.slb.balancers.values()].flatMap((balancer) => balancer.listeners)
  const isShown = ({ settings, domains }: Listener) =>
    settings.ServerCertificateId === id || domains.some(({ certificate }) => certificate === id)
  if (listeners.some(isShown))
    throw new Refusal('CertificateAndPrivateKeyIsRefered', 'Certificate and PrivateKey Is Refered.')
  const certificates = new Map([...world.slb.certificates].filter(([other]) => other !== id))
  return { world: withSlb(world, { certificates }), body: {} }
}
