import type { Call, Done } from '../operation.ts'
import { invalid, Refusal } from '../refusal.ts'
import { type World, withEntry } from '../world.ts'
import { readCertificate } from './read-certificate.ts'
import type { Certificate } from './state.ts'

const MAX_NAME = 63
const FIRST_ID = 10_000_000
const MOST_A_PAGE = 100

/** The reference of these operations lists no codes but `NotFound`; the others here are ours. */
export function uploadUserCertificate(call: Call): Done {
  const { given, world, account } = call
  const name = given.text('Name')
  if (name.length > MAX_NAME) throw invalid('Name', `must have at most ${MAX_NAME} characters`)
  if (ownCertificates(call).some((one) => one.name === name))
    throw new Refusal('NameRepeat', 'The specified certificate name already exists.')
  const made = world.made + 1
  const id = FIRST_ID + made
  const certificate = { id, account, name, ...readCertificate(given.text('Cert'), given.text('Key')) }
  const certificates = withEntry(world.cas.certificates, id, certificate)
  return {
    world: { ...world, made, cas: { certificates } },
    body: { CertId: id, ResourceId: resourceOf(id) },
  }
}

/** Those that are used stay where they are used: what they were deployed to has a copy. */
export function deleteUserCertificate(call: Call): Done {
  const { id } = named(call)
  const certificates = new Map(call.world.cas.certificates)
  certificates.delete(id)
  return { world: { ...call.world, cas: { certificates } }, body: {} }
}

export function getUserCertificateDetail(call: Call): Done {
  const certificate = named(call)
  const { id, cert, key, commonName, from, until } = certificate
  const content = call.given.flag('CertFilter') ? {} : { Cert: cert, Key: key }
  return {
    world: call.world,
    body: {
      ...content,
      Id: id,
      Common: commonName,
      ...described(certificate, call.now),
      NotBefore: from,
      NotAfter: until,
      BuyInAliyun: false,
      CertIdentifier: `${id}-cn-hangzhou`,
    },
  }
}

/** Only what was uploaded: the sandbox sells none. A keyword is part of a domain name or of a resource's id; without a status only those
 *  that have not expired are listed. */
export function listUserCertificateOrder(call: Call): Done {
  const { given, world, now } = call
  const word = given.text('Keyword')
  const isAsked = given.has('OrderType') && ['CERT', 'UPLOAD'].includes(given.text('OrderType'))
  const isExpired = given.has('Status') && given.text('Status') === 'EXPIRED'
  const found = ownCertificates(call).filter(
    ({ id, names, until }) =>
      isAsked && until <= now === isExpired && [resourceOf(id), ...names].some((one) => one.includes(word)),
  )
  const ShowSize = given.number('ShowSize', 50)
  const CurrentPage = given.number('CurrentPage', 1)
  if (ShowSize < 1 || ShowSize > MOST_A_PAGE) throw invalid('ShowSize')
  if (CurrentPage < 1) throw invalid('CurrentPage')
  const page = found.slice((CurrentPage - 1) * ShowSize, CurrentPage * ShowSize)
  const CertificateOrderList = page.map((certificate) => listed(certificate, call.now))
  return { world, body: { CertificateOrderList, TotalCount: found.length, ShowSize, CurrentPage } }
}

/** One by the id that other products use: with the region of this one, `12345-cn-hangzhou`. */
export function certificateOf({ cas }: World, account: string, id: string): Certificate | null {
  const certificate = cas.certificates.get(Number(/^(\d+)(-[a-z0-9-]+)?$/.exec(id)?.[1]))
  return certificate?.account === account ? certificate : null
}

function resourceOf(id: number): string {
  return `cas-upload-${id}`
}

function ownCertificates({ world, account }: Call): readonly Certificate[] {
  return [...world.cas.certificates.values()].filter((one) => one.account === account)
}

function named(call: Call): Certificate {
  const id = call.given.number('CertId', 0)
  const certificate = ownCertificates(call).find((one) => one.id === id)
  if (certificate === undefined) throw new Refusal('NotFound', 'The specified resource is not found.', 404)
  return certificate
}

function listed(certificate: Certificate, now: number) {
  const { id, commonName } = certificate
  return { CertificateId: id, CommonName: commonName, ...described(certificate, now), Upload: true }
}

/** What a list and a single answer say alike. */
function described({ name, names, from, until, ...certificate }: Certificate, now: number) {
  return {
    Name: name,
    Sans: names.join(','),
    Issuer: certificate.issuer,
    SerialNo: certificate.serial,
    Fingerprint: certificate.fingerprint,
    Sha2: certificate.sha256,
    StartDate: day(from),
    EndDate: day(until),
    Expired: until <= now,
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
