import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, freePort, PROXY_CPU, startPinned, stopProcess, untilAnswers } from '../kit/processes.ts'
import type { Contestant } from './contestant.ts'

/** One thread, kept connections on both sides, X-Forwarded-For: the same work as the others. */
export const haproxy: Contestant = {
  name: 'haproxy',
  missing: () => (findProgram('haproxy') ? null : 'haproxy is not installed'),
  start: async (upstream) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-haproxy-'))
    const port = await freePort()
    const file = join(folder, 'haproxy.cfg')
    writeFileSync(
      file,
      `global
  nbthread 1
  maxconn 9900
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  http-reuse always
  option forwardfor
  option redispatch 1
  retries 2
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  balance leastconn
  server s1 ${upstream.host}:${upstream.port} check inter 2s
`,
    )
    const child = startPinned(PROXY_CPU, [findProgram('haproxy')!, '-db', '-f', file])
    const url = `http://127.0.0.1:${port}/`
    await untilAnswers(url)
    const stop = async () => {
      await stopProcess(child)
      rmSync(folder, { recursive: true })
    }
    return { url, pid: child.pid!, stop }
  },
}
