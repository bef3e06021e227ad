import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files of one certificate and its key, and what is in them. */
export interface Pair {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

interface IssueOptions {
  readonly days?: number
  /** Further arguments of `openssl req`. */
  readonly more?: readonly string[]
  /** Those that make the key. */
  readonly key?: readonly string[]
}

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']

/** An authority that issues certificates (ECDSA P-256) by the system's openssl, in a folder of its own. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidegate-ca-'))
  readonly ca: Pair
  #next = 0

  constructor() {
    this.ca = this.#make('ca', [
      ...['-x509', '-subj', '/CN=Tidegate test authority', '-addext', 'basicConstraints=critical,CA:TRUE'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ])
  }

  /** For these names and addresses. */
  issue(names: readonly string[], { days = 30, more = [], key = P256 }: IssueOptions = {}): Pair {
    const name = `leaf-${this.#next++}`
    const alternative = names.map((one) => `${/^[\d.]+$|:/.test(one) ? 'IP' : 'DNS'}:${one}`).join(',')
    return this.#make(
      name,
      [
        ...['-x509', '-CA', this.ca.certFile, '-CAkey', this.ca.keyFile, '-subj', `/CN=${names[0]}`],
        ...['-addext', `subjectAltName=${alternative}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
        ...['-addext', 'extendedKeyUsage=serverAuth,clientAuth', '-days', `${days}`, ...more],
      ],
      key,
    )
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #make(name: string, args: readonly string[], newKey: readonly string[] = P256): Pair {
    const [certFile, keyFile] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}.key`)]
    const key = [...newKey, '-nodes']
    execFileSync('openssl', ['req', ...key, '-keyout', keyFile, '-out', certFile, ...args], {
      stdio: 'pipe',
    })
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }

  /** Puts one pair in the place of another, as a renewal does. */
  replace(old: Pair, by: Pair): void {
    writeFileSync(old.keyFile, by.key)
    writeFileSync(old.certFile, by.cert)
  }
}
