import { certificateOf } from '../cas/certificates.ts'
import type { Call } from '../operation.ts'
import { invalid } from '../refusal.ts'
import { notFound } from './refusals.ts'
import type { ListenerCertificate } from './state.ts'

const MOST = 20

/** Those that a call names. Throws a Refusal for one that the certificate service does not have. */
export function certificatesGiven(call: Call): readonly string[] {
  const ids = certificateIds(call)
  const absent = ids.find((id) => certificateOf(call.world, call.account, id) === null)
  if (absent !== undefined) throw notFound('Certificate', absent)
  return ids
}

export function certificateIds({ given }: Call): readonly string[] {
  const ids = given.objects('Certificates').map((one) => one.text('CertificateId'))
  if (ids.length < 1 || ids.length > MOST) throw invalid('Certificates', `must be from 1 to ${MOST}`)
  return ids
}

/** What a listener shows to whom asks for no name that another one has. */
export function defaults(ids: readonly string[]): readonly ListenerCertificate[] {
  return ids.map((id) => ({ id, isDefault: true, work: null }))
}
