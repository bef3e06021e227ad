import { Fault } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import type { CertificateSpec } from '../../../core/tls.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import { type CertificateFiles, readCertificate } from '../balancer/read-certificate.ts'

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

/** A name of 80 characters at most, and one that tells which balancer of an installation has it. */
export function certificateName({ installation, name }: Owner, listener: string): string {
  return `${prefixOf({ installation, name })}${hash64(listener)}`
}

interface Owner {
  readonly installation: string
  /** Of the balancer. */
  readonly name: string
}

function prefixOf({ installation, name }: Owner): string {
  return `tidegate:${installation}:${name}:`
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

  /** What a listener shows with these files; null = one of them has not been uploaded. */
  async find(
    listener: string,
    files: readonly CertificateSpec[],
    signal: AbortSignal,
  ): Promise<Shown | null> {
    const name = certificateName(this.#owner, listener)
    const all = await this.#all(signal)
    const certificates = files.map(readCertificate)
    const ids = certificates.map(
      ({ fingerprint }) =>
        all.find((one) => one.name === name && one.fingerprint === fingerprint)?.id ?? null,
    )
    return ids.every((id) => id !== null) ? shown(certificates, ids) : null
  }

  /** The same; those are uploaded that have not been. */
  async have(listener: string, files: readonly CertificateSpec[], signal: AbortSignal): Promise<Shown> {
    const known = await this.find(listener, files, signal)
    if (known !== null) return known
    for (const one of files)
      if ((await this.find(listener, [one], signal)) === null) await this.#upload(listener, one, signal)
    const uploaded = await this.find(listener, files, signal)
    if (uploaded !== null) return uploaded
    throw new Fault('balancer.unreachable', `the certificates of listener ${listener} cannot be seen yet`, {
      source: 'vendor',
      retry: 'yes',
    })
  }

  async #upload(listener: string, files: CertificateSpec, signal: AbortSignal): Promise<void> {
    const { cert, key } = readCertificate(files)
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

  /** Those that were uploaded before these, and that no listener shows any more. */
  async tidy(kept: readonly string[], signal: AbortSignal): Promise<void> {
    const prefix = prefixOf(this.#owner)
    for (const { id, name } of await this.#all(signal)) {
      if (!name.startsWith(prefix) || kept.includes(id)) continue
      await patiently(
        this.#means,
        {
          product: 'slb',
          action: 'DeleteServerCertificate',
          query: { RegionId: this.#region, ServerCertificateId: id },
          read: () => null,
        },
        `certificate ${id} cannot be deleted`,
        signal,
      )
    }
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
