import type { CertificateSpec } from '../../../core/tls.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import { readCertificate } from '../balancer/read-certificate.ts'

interface Uploaded {
  readonly id: string
  readonly name: string
  readonly fingerprint: string
}

/** The certificates that one installation has in a region, by the names of their listeners. */
export class ClbCertificates {
  readonly #means: Means
  readonly #region: string
  readonly #nameOf: (listener: string) => string

  constructor(means: Means, region: string, nameOf: (listener: string) => string) {
    this.#means = means
    this.#region = region
    this.#nameOf = nameOf
  }

  /** The id of the certificate in these files; null when it has not been uploaded. */
  async find(listener: string, files: CertificateSpec, signal: AbortSignal): Promise<string | null> {
    const { fingerprint } = readCertificate(files)
    const all = await this.#all(signal)
    const name = this.#nameOf(listener)
    return all.find((one) => one.name === name && one.fingerprint === fingerprint)?.id ?? null
  }

  /** The same; it is uploaded when it has not been. */
  async have(listener: string, files: CertificateSpec, signal: AbortSignal): Promise<string> {
    const known = await this.find(listener, files, signal)
    if (known !== null) return known
    const { cert, key } = readCertificate(files)
    return await patiently(
      this.#means,
      {
        product: 'slb',
        action: 'UploadServerCertificate',
        query: {
          RegionId: this.#region,
          ServerCertificate: cert,
          PrivateKey: key,
          ServerCertificateName: this.#nameOf(listener),
        },
        read: (answer) => answer.text('ServerCertificateId'),
      },
      `the certificate of listener ${listener} cannot be uploaded`,
      signal,
    )
  }

  /** Those that were uploaded before these, and that no listener shows any more. */
  async tidy(kept: readonly string[], signal: AbortSignal): Promise<void> {
    const prefix = this.#nameOf('')
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
