import { hash64 } from '../../../core/hash.ts'
import type { CertificateSpec } from '../../../core/tls.ts'
import { type Certificates, NONE } from '../balancer/certificates.ts'
import { patiently } from '../balancer/patience.ts'
import { type FilesOf, readCertificate } from '../balancer/read-certificate.ts'
import type { Call } from '../client/client.ts'
import type { Parameters } from '../client/parameters.ts'
import { noneIfForbidden } from '../faults.ts'
import type { Alb } from './alb.ts'
import { certificatesOf } from './see-listeners.ts'

const PAGE = 100
/** Without a status only those that are valid are listed:
 *  https://www.alibabacloud.com/help/en/ssl-certificate/developer-reference/api-cas-2020-04-07-listusercertificateorder */
const STATUSES = [undefined, 'EXPIRED']
/** Names have at most 63 characters, and no two of an account are the same. */
const BALANCER = 8
const FINGERPRINT = 24

interface Uploaded {
  readonly id: number
  readonly name: string
}

interface Owner {
  readonly installation: string
  /** Of the balancer in the file: its instance may be gone already. */
  readonly name: string
  /** The certificate service is one for many regions, and what a listener of another one shows is not seen here. */
  readonly region: string
}

/** The certificates of one balancer that Tidegate has uploaded to the certificate service, by names that tell what is in them:
 *  https://www.alibabacloud.com/help/en/ssl-certificate/developer-reference/api-cas-2020-04-07-uploadusercertificate */
export class AlbCertificates {
  readonly #alb: Alb
  readonly #owner: Owner
  /** What ALB calls them. */
  readonly #identifiers = new Map<number, string>()

  constructor(alb: Alb, { installation, name, region }: Owner) {
    this.#alb = alb
    this.#owner = { installation, name, region }
  }

  /** Of each listener, as ALB calls them; null when one has not been uploaded. */
  async find(files: FilesOf, signal: AbortSignal): Promise<Certificates<readonly string[]> | null> {
    if (files.size === 0) return NONE
    const ids = await this.#byName(signal)
    const isThere = [...files.values()].flat().every((one) => ids.has(this.#named(one).name))
    return isThere ? await this.#identified(files, ids, signal) : null
  }

  /** The same; those that have not been uploaded are. */
  async have(files: FilesOf, signal: AbortSignal): Promise<Certificates<readonly string[]>> {
    if (files.size === 0) return NONE
    const ids = await this.#byName(signal)
    for (const one of [...files.values()].flat()) {
      const { name, cert, key } = this.#named(one)
      if (!ids.has(name)) ids.set(name, await this.#upload({ Name: name, Cert: cert, Key: key }, signal))
    }
    return await this.#identified(files, ids, signal)
  }

  async #identified(
    files: FilesOf,
    ids: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<Certificates<readonly string[]>> {
    const by = new Map<string, readonly string[]>()
    for (const [listener, list] of files) {
      const identifiers: string[] = []
      for (const one of list)
        identifiers.push(await this.#identifier(ids.get(this.#named(one).name)!, signal))
      by.set(listener, identifiers)
    }
    return { by, uploaded: new Set([...ids.values()].map(String)) }
  }

  async #byName(signal: AbortSignal): Promise<Map<string, number>> {
    return new Map((await this.#all(signal)).map(({ id, name }) => [name, id]))
  }

  /** Deletes those that are none of these, and gives the ids of those that stay: a listener in the region, whosever it is, still shows
   *  them. */
  async tidy(kept: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const staying = kept.map(idIn)
    const former = (await noneIfForbidden(this.#all(signal))).filter(
      ({ id, name }) => name.startsWith(this.#prefix) && !staying.includes(String(id)),
    )
    if (former.length === 0) return []
    const shown = (await this.#shown(signal)).map(idIn)
    const [used, obsolete] = [true, false].map((is) =>
      former.filter(({ id }) => shown.includes(String(id)) === is),
    )
    for (const { id } of obsolete!) await this.#delete(id, signal)
    return used!.map(({ id }) => String(id))
  }

  async #delete(id: number, signal: AbortSignal): Promise<void> {
    await this.#call(
      { action: 'DeleteUserCertificate', query: { CertId: id }, read: () => null },
      `certificate ${id} cannot be deleted`,
      signal,
    )
    this.#identifiers.delete(id)
  }

  /** By whatever listener of the region: the certificate service does not tell who uses one. */
  async #shown(signal: AbortSignal): Promise<readonly string[]> {
    const listeners = await this.#alb.list(
      { action: 'ListListeners', name: 'Listeners', query: {} },
      (fields) => ({ id: fields.text('ListenerId'), protocol: fields.text('ListenerProtocol') }),
      'the listeners of the region cannot be read',
      signal,
    )
    const shown: string[] = []
    for (const { id } of listeners.filter(({ protocol }) => protocol !== 'HTTP'))
      for (const one of await certificatesOf(this.#alb, id, signal)) shown.push(one.id)
    return shown
  }

  /** Of the names of all of this installation. */
  get #common(): string {
    return `tidegate.${this.#owner.installation}.`
  }

  /** Of those of this balancer, in this region. */
  get #prefix(): string {
    const { name, region } = this.#owner
    return `${this.#common}${hash64(`${region} ${name}`).slice(0, BALANCER)}.`
  }

  #named(files: CertificateSpec) {
    const { fingerprint, ...texts } = readCertificate(files)
    return { ...texts, name: `${this.#prefix}${fingerprint.replaceAll(':', '').slice(0, FINGERPRINT)}` }
  }

  /** Of this installation. */
  async #all(signal: AbortSignal): Promise<readonly Uploaded[]> {
    const all: Uploaded[] = []
    for (const Status of STATUSES) {
      let total = 1
      for (let page = 1; (page - 1) * PAGE < total; page++) {
        // What can be searched for is a domain name, not what we call it.
        const query = { OrderType: 'UPLOAD', Status, CurrentPage: page, ShowSize: PAGE }
        const listed = await this.#page(query, signal)
        total = listed.total
        all.push(...listed.rows.filter(({ name }) => name.startsWith(this.#common)))
      }
    }
    return all
  }

  #page(query: Parameters, signal: AbortSignal) {
    return this.#call(
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

/** That of the certificate service, in what ALB calls it: `12345-cn-hangzhou`. */
export function idIn(identifier: string): string {
  return identifier.split('-')[0]!
}
