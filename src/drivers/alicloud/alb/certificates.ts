import { hash64 } from '../../../core/hash.ts'
import type { CertificateSpec } from '../../../core/tls.ts'
import { patiently } from '../balancer/patience.ts'
import { readCertificate } from '../balancer/read-certificate.ts'
import type { Call } from '../client/client.ts'
import type { Alb } from './alb.ts'
import type { About } from './see-listeners.ts'

const PAGE = 100
/** Names have at most 63 characters, and no two of an account are the same. */
const FINGERPRINT = 32

interface Uploaded {
  readonly id: number
  readonly name: string
}

/** The certificates of one ALB instance that Tidegate has uploaded to the certificate service, by names that tell what is in them:
 *  https://www.alibabacloud.com/help/en/ssl-certificate/developer-reference/api-cas-2020-04-07-uploadusercertificate */
export class AlbCertificates {
  readonly #alb: Alb
  readonly #about: About
  /** What ALB calls them. */
  readonly #identifiers = new Map<number, string>()

  constructor(alb: Alb, about: About) {
    this.#alb = alb
    this.#about = about
  }

  /** As ALB calls them; null when one has not been uploaded. */
  async find(files: readonly CertificateSpec[], signal: AbortSignal): Promise<readonly string[] | null> {
    const uploaded = await this.#all(signal)
    const ids: string[] = []
    for (const { name } of files.map((one) => this.#named(one))) {
      const known = uploaded.find((one) => one.name === name)
      if (known === undefined) return null
      ids.push(await this.#identifier(known.id, signal))
    }
    return ids
  }

  /** The same; those that have not been uploaded are. */
  async have(files: readonly CertificateSpec[], signal: AbortSignal): Promise<readonly string[]> {
    const uploaded = await this.#all(signal)
    const ids: string[] = []
    for (const { name, cert, key } of files.map((one) => this.#named(one))) {
      const known = uploaded.find((one) => one.name === name)
      const id = known?.id ?? (await this.#upload({ Name: name, Cert: cert, Key: key }, signal))
      ids.push(await this.#identifier(id, signal))
    }
    return ids
  }

  /** Those that are none of these, and that no listener shows any more. */
  async tidy(kept: readonly string[], signal: AbortSignal): Promise<void> {
    for (const { id } of await this.#all(signal)) {
      if (kept.includes(await this.#identifier(id, signal))) continue
      await this.#call(
        { action: 'DeleteUserCertificate', query: { CertId: id }, read: () => null },
        `certificate ${id} cannot be deleted`,
        signal,
      )
      this.#identifiers.delete(id)
    }
  }

  get #prefix(): string {
    const { installation, loadBalancer } = this.#about
    return `tidegate:${hash64(`${installation} ${loadBalancer}`)}:`
  }

  #named(files: CertificateSpec) {
    const { fingerprint, ...texts } = readCertificate(files)
    return { ...texts, name: `${this.#prefix}${fingerprint.replaceAll(':', '').slice(0, FINGERPRINT)}` }
  }

  async #all(signal: AbortSignal): Promise<readonly Uploaded[]> {
    const all: Uploaded[] = []
    let total = 1
    for (let page = 1; (page - 1) * PAGE < total; page++) {
      const query = { OrderType: 'UPLOAD', Keyword: this.#prefix, CurrentPage: page, ShowSize: PAGE }
      const answer = await this.#call(
        {
          action: 'ListUserCertificateOrder',
          query,
          read: (fields) => ({
            total: fields.number('TotalCount'),
            rows: fields
              .list('CertificateOrderList')
              .map((one) => ({ id: one.number('CertificateId'), name: one.text('Name') })),
          }),
        },
        'the certificates cannot be read',
        signal,
      )
      total = answer.total
      all.push(...answer.rows.filter(({ name }) => name.startsWith(this.#prefix)))
    }
    return all
  }

  /** `12345-cn-hangzhou`: with the region of the certificate service. */
  async #identifier(id: number, signal: AbortSignal): Promise<string> {
    const known = this.#identifiers.get(id)
    if (known !== undefined) return known
    const identifier = await this.#call(
      {
        action: 'GetUserCertificateDetail',
        query: { CertId: id, CertFilter: true },
        read: (answer) => answer.text('CertIdentifier'),
      },
      `certificate ${id} cannot be read`,
      signal,
    )
    this.#identifiers.set(id, identifier)
    return identifier
  }

  async #upload(query: { Name: string; Cert: string; Key: string }, signal: AbortSignal): Promise<number> {
    return await this.#call(
      {
        action: 'UploadUserCertificate',
        query,
        read: (answer) => answer.number('CertId'),
      },
      'a certificate cannot be uploaded',
      signal,
    )
  }

  #call<T>(call: Omit<Call<T>, 'product'>, doing: string, signal: AbortSignal): Promise<T> {
    return patiently(this.#alb.means, { ...call, product: 'cas' }, doing, signal)
  }
}
