import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findProgram } from '../../bench/kit/processes.ts'
import { Answerer } from '../kit/answerer.ts'
import { Authority } from '../kit/certificates.ts'
import { Tidegate } from '../kit/tidegate.ts'

const testssl = findProgram('testssl')
const reason = testssl === null ? ' (needs testssl)' : ''

/** Everything that testssl.sh gives a severity to; the long tables of ciphers and old clients have none. */
const PARTS = ['--protocols', '--std', '--pfs', '--server-preference', '--server-defaults', '--headers']
const SILENT = ['--quiet', '--color', '0', '--warnings', 'off']
const GRAVE = ['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL']

interface Finding {
  readonly id: string
  readonly severity: string
  readonly finding: string
}

test.skipIf(testssl === null)(
  `testssl.sh finds nothing of MEDIUM or worse, for certificates of both kinds${reason}`,
  { timeout: 300_000 },
  async () => {
    await using server = await Answerer.start()
    const authority = new Authority()
    // What is an authority's own business: how long, and where what it has revoked is told.
    const revocation = ['-addext', 'crlDistributionPoints=URI:http://127.0.0.1:1/none.crl']
    const ecdsa = authority.issue(['127.0.0.1'], { days: 200, more: revocation })
    const rsa = authority.issue(['127.0.0.1'], { days: 200, more: revocation, key: ['-newkey', 'rsa:2048'] })
    const listener = ({ certFile, keyFile }: typeof rsa) =>
      `{ bind: "127.0.0.1:0", protocol: https, rules: [ { pool: api, response: { set: ${HEADERS} } } ], tls: { certificates: [ { cert: ${certFile}, key: ${keyFile} } ] } }`
    await using tidegate = new Tidegate(`
https: only
listeners:
  ecdsa: ${listener(ecdsa)}
  rsa: ${listener(rsa)}
pools:
  api: { servers: [ { address: "${server.address}" } ], upstream: { tls: { enabled: false } } }
`)
    tidegate.start()
    const grade = async (name: string) => {
      const { port } = new URL(await tidegate.url(name))
      const file = join(tidegate.folder, `${name}.json`)
      const wanted = [...SILENT, '--add-ca', authority.ca.certFile, '--jsonfile', file]
      const args = [...wanted, ...PARTS, '--vulnerable', `127.0.0.1:${port}`]
      await once(spawn(testssl!, args, { stdio: 'ignore', cwd: tidegate.folder }), 'close')
      return JSON.parse(readFileSync(file, 'utf8')) as Finding[]
    }
    for (const findings of await Promise.all([grade('ecdsa'), grade('rsa')])) {
      expect(findings.filter(({ severity }) => GRAVE.includes(severity))).toEqual([])
      const fine = findings.flatMap(({ id, severity }) => (severity === 'OK' ? [id] : []))
      expect(fine).toEqual(
        expect.arrayContaining(['TLS1_3', 'PFS', 'cert_trust', 'HSTS_time', 'secure_client_renego']),
      )
    }
    authority.remove()
  },
)

/** What servers say to browsers beside HSTS, which is the gateway's. */
const HEADERS = `{ content-security-policy: "default-src 'none'", x-frame-options: DENY, x-content-type-options: nosniff }`
