import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findProgram, stopProcess } from '../../bench/kit/processes.ts'
import { Authority } from '../kit/certificates.ts'
import { Mariadb, query, whyNoMariadb } from '../kit/mariadb.ts'
import { Tidegate } from '../kit/tidegate.ts'

const unable = whyNoMariadb() ?? (findProgram('socat') === null ? 'needs socat' : null)
const reason = unable === null ? '' : ` (${unable})`

test.skipIf(unable !== null)(
  `a MySQL client reaches a server that knows no TLS through a tls listener${reason}`,
  async () => {
    await using mariadb = await Mariadb.start()
    const authority = new Authority()
    const { certFile, keyFile } = authority.issue(['db.test'])
    await using tidegate = new Tidegate(`
listeners:
  db: { bind: "127.0.0.1:0", protocol: tls, pool: db, tls: { certificates: [ { cert: ${certFile}, key: ${keyFile} } ] } }
pools:
  db: { servers: [ { address: "127.0.0.1:${mariadb.port}" } ] }
`)
    tidegate.start()
    const { port } = new URL(await tidegate.url('db'))
    // MySQL's own TLS begins in the middle of its protocol; one that begins at once is socat's, before the client.
    const socket = join(tidegate.folder, 'db.sock')
    const checks = `cafile=${authority.ca.certFile},verify=1,snihost=db.test,commonname=db.test`
    const wrapped = [`UNIX-LISTEN:${socket},fork`, `OPENSSL:127.0.0.1:${port},${checks}`]
    const socat = spawn(findProgram('socat')!, wrapped, { stdio: 'ignore' })
    try {
      await tidegate.until('socat to listen', () => existsSync(socket))
      const own = ['--protocol=socket', `--socket=${socket}`]
      expect(await query(own, 'select 6 * 7; select connection_id() > 0')).toBe('42\n1\n')
      // A megabyte both ways.
      const sent = 'x'.repeat(100_000)
      expect(await query(own, `select concat(repeat('y', 900000), '${sent}')`)).toBe(
        `${'y'.repeat(900_000)}${sent}\n`,
      )
      await expect(query(own, 'select nothing')).rejects.toThrow(/Unknown column/)
    } finally {
      await stopProcess(socat)
      authority.remove()
    }
  },
)
