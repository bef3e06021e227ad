import { Fault } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import { type Certificates, NONE } from '../balancer/certificates.ts'
import { failed, type Means, patiently, patientOutcome } from '../balancer/patience.ts'
import { type CertificateFiles, type FilesOf, readCertificate } from '../balancer/read-certificate.ts'
import { noneIfForbidden } from '../faults.ts'

/** What the cloud says of one that it does not delete:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-deleteservercertificate */
const SHOWN = 'CertificateAndPrivateKeyIsRefered'

interface Uploaded {
  readonly id: string
  readonly name: string
  readonly fingerprint: string
}

/** The certificates of one listener, by their ids. */
export interface Shown {
  /** To clients that name no server, or none of the others. */
  readonly certificate: string
  readonly domains: readonly { readonly domain: string; readonly certificate: string }[]
}

/** A name of 80 characters at most, which may have no slash, and one that tells which balancer of an installation has it. */
export function certificateName({ installation, name }: Owner, listener: string): string {
  return `${prefixOf({ installation, name })}${hash64(listener)}`
}

interface Owner {
  readonly installation: string
  /** Of the balancer. */
  readonly name: string
}

/** Of the names of all of an installation, or of those of one balancer. */
function prefixOf({ installation, name }: Pick<Owner, 'installation'> & Partial<Owner>): string {
  return `tidegate.${installation}.${name === undefined ? '' : `${name}.`}`
}

/** The certificates that one balancer has in a region. */
export class ClbCertificates {
  readonly #means: Means
  readonly #region: string
  readonly #owner: Owner

  constructor(means: Means, region: string, owner: Owner) {
    this.#means = means
    this.#region = region
    this.#owner = owner
  }

  /** What each listener shows with its files; null = one of them has not been uploaded. */
  async find(files: FilesOf, signal: AbortSignal): Promise<Certificates<Shown> | null> {
    if (files.size === 0) return NONE
    const all = await this.#all(signal)
    const by = new Map<string, Shown>()
    for (const [listener, list] of files) {
      const certificates = list.map(readCertificate)
      const ids = certificates.map((one) => this.#idOf(listener, one, all))
      if (!ids.every((id) => id !== null)) return null
      by.set(listener, shown(certificates, ids))
    }
    const { installation } = this.#owner
    const uploaded = all.filter(({ name }) => name.startsWith(prefixOf({ installation })))
    return { by, uploaded: new Set(uploaded.map(({ id }) => id)) }
  }

  /** The same; those are uploaded that have not been. */
  async have(files: FilesOf, signal: AbortSignal): Promise<Certificates<Shown>> {
    const known = await this.find(files, signal)
    if (known !== null) return known
    const all = await this.#all(signal)
    for (const [listener, list] of files)
      for (const one of list.map(readCertificate))
        if (this.#idOf(listener, one, all) === null) await this.#upload(listener, one, signal)
    const uploaded = await this.find(files, signal)
    if (uploaded !== null) return uploaded
    throw new Fault('balancer.unreachable', 'the certificates that were uploaded cannot be seen yet', {
      source: 'vendor',
      retry: 'yes',
    })
  }

  #idOf(listener: string, { fingerprint }: CertificateFiles, all: readonly Uploaded[]): string | null {
    const name = certificateName(this.#owner, listener)
    return all.find((one) => one.name === name && one.fingerprint === fingerprint)?.id ?? null
  }

  async #upload(listener: string, { cert, key }: CertificateFiles, signal: AbortSignal): Promise<void> {
    await patiently(
      this.#means,
      {
        product: 'slb',
        action: 'UploadServerCertificate',
        query: {
          RegionId: this.#region,
          ServerCertificate: cert,
          PrivateKey: key,
          ServerCertificateName: certificateName(this.#owner, listener),
        },
        read: () => null,
      },
      `the certificate of listener ${listener} cannot be uploaded`,
      signal,
    )
  }

  /** Deletes those that are none of these, and gives the ids of those that stay: a listener, whosever it is, still shows them. */
  async tidy(kept: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const shown: string[] = []
    for (const one of await noneIfForbidden(this.#all(signal))) {
      if (!one.name.startsWith(prefixOf(this.#owner)) || kept.includes(one.id)) continue
      if (!(await this.#delete(one.id, signal))) shown.push(one.id)
    }
    return shown
  }

  /** False while a listener shows it. */
  async #delete(id: string, signal: AbortSignal): Promise<boolean> {
    const action = 'DeleteServerCertificate'
    const query = { RegionId: this.#region, ServerCertificateId: id }
    const call = { product: 'slb', action, query, read: () => null } as const
    const outcome = await patientOutcome(this.#means, call, signal)
    if (outcome.ok || outcome.fault.code === SHOWN) return outcome.ok
    throw failed(`certificate ${id} cannot be deleted`, outcome)
  }

  #all(signal: AbortSignal): Promise<readonly Uploaded[]> {
    return patiently(
      this.#means,
      {
        product: 'slb',
        action: 'DescribeServerCertificates',
        query: { RegionId: this.#region },
        read: (answer) =>
          answer
            .inside('ServerCertificates')
            .list('ServerCertificate')
            .map((one) => ({
              id: one.text('ServerCertificateId'),
              name: one.text('ServerCertificateName'),
              fingerprint: one.text('Fingerprint').toLowerCase(),
            })),
      },
      'the certificates cannot be read',
      signal,
    )
  }
}

/** The first is shown to whoever names nobody; of two for the same name the first. */
function shown(certificates: readonly CertificateFiles[], ids: readonly string[]): Shown {
  const domains = new Map<string, string>()
  for (const [nth, { names }] of certificates.entries())
    for (const name of names) if (!domains.has(name)) domains.set(name, ids[nth]!)
  const [certificate] = ids
  return {
    certificate: certificate!,
    domains: [...domains]
      .map(([domain, id]) => ({ domain, certificate: id }))
      .filter((one) => one.certificate !== certificate),
  }
}
