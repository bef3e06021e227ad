import type { Call, Done } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { certificateIds, certificatesGiven } from './certificates-given.ts'
import { changed, named } from './listeners.ts'
import { denied, notFound, tooMany } from './refusals.ts'
import { found, listBody, selects } from './resources.ts'
import type { Edition, Listener, ListenerCertificate } from './state.ts'

/** Besides the default one: https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/limits */
const MOST_MORE: Readonly<Record<Edition, number>> = { Basic: 10, Standard: 25, StandardWithWaf: 25 }

export function associateAdditionalCertificatesWithListener(call: Call): Done {
  const listener = named(call)
  if (listener.protocol === 'HTTP') throw denied('ListenerProtocolNotSupportCertificate')
  const ids = certificatesGiven(call)
  const again = ids.find((id) => listener.certificates.some((one) => one.id === id))
  if (again !== undefined)
    throw new Refusal(
      'ResourceAlreadyAssociated.Certificate',
      `The specified resource ${again} is already associated.`,
    )
  const more = ids.map((id) => ({ id, isDefault: false, work: 'Associating' as const }))
  const certificates = [...listener.certificates, ...more]
  checkQuota(call, listener, certificates)
  return changed(call, 'AssociateAdditionalCertificatesWithListener', { ...listener, certificates }, {})
}

export function dissociateAdditionalCertificatesFromListener(call: Call): Done {
  const listener = named(call)
  const ids = certificateIds(call)
  const absent = ids.find((id) => !listener.certificates.some((one) => one.id === id && !one.isDefault))
  if (absent !== undefined) throw notFound('Certificate', absent)
  const certificates = listener.certificates.map((one) =>
    ids.includes(one.id) && !one.isDefault ? { ...one, work: 'Dissociating' as const } : one,
  )
  return changed(call, 'DissociateAdditionalCertificatesFromListener', { ...listener, certificates }, {})
}

export function listListenerCertificates(call: Call): Done {
  const { given, world } = call
  const { certificates } = found(call, 'listener', given.text('ListenerId'))
  const shown = certificates.filter(({ id }) => selects(given, 'CertificateIds', id))
  return { world, body: listBody(given, 'Certificates', shown, certificateAnswer) }
}

function checkQuota(call: Call, listener: Listener, all: readonly ListenerCertificate[]): void {
  const { edition } = found(call, 'loadbalancer', listener.balancer)
  const usage = all.filter(({ isDefault }) => !isDefault).length
  const most = MOST_MORE[edition]
  if (usage > most) throw tooMany('ListenerAdditionalCertificatesNum', listener.id, usage, most)
}

/** The API writes `Diassociating`. */
function certificateAnswer({ id, isDefault, work }: ListenerCertificate) {
  const status = work === 'Dissociating' ? 'Diassociating' : (work ?? 'Associated')
  return { CertificateId: id, CertificateType: 'Server', IsDefault: isDefault, Status: status }
}
