import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, freePort, PROXY_CPU, startPinned, stopProcess, untilAnswers } from '../kit/processes.ts'
import { CIPHER, type Contestant, type Setup, schemeOf } from './contestant.ts'

/** One thread, kept connections on both sides, X-Forwarded-For: the same work as the others. */
export const haproxy: Contestant = {
  name: 'haproxy',
  missing: ({ group }) => {
    if (!findProgram('haproxy')) return 'haproxy is not installed'
    return group === 'X25519' ? null : 'haproxy: its OpenSSL has no ML-KEM'
  },
  start: async (setup) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-haproxy-'))
    const port = await freePort()
    const file = join(folder, 'haproxy.cfg')
    const { cert, key } = setup.certificate
    writeFileSync(join(folder, 'both.pem'), cert + key)
    writeFileSync(file, configuration(setup, `127.0.0.1:${port}${tlsOf(setup, folder)}`))
    const log = setup.role === 'features' ? join(folder, 'access.log') : null
    const child = startPinned(PROXY_CPU, [findProgram('haproxy')!, '-db', '-f', file], log)
    const url = `${schemeOf(setup.role)}://127.0.0.1:${port}/`
    await untilAnswers(url)
    const stop = async () => {
      await stopProcess(child)
      if (log && readFileSync(log).length === 0) throw new Error('haproxy wrote no access log')
      rmSync(folder, { recursive: true })
    }
    return { url, pid: child.pid!, stop }
  },
}

function tlsOf({ role, group }: Setup, folder: string): string {
  if (schemeOf(role) !== 'https') return ''
  const alpn = role === 'http2' ? 'h2,http/1.1' : 'http/1.1'
  return ` ssl crt ${folder}/both.pem alpn ${alpn} ssl-min-ver TLSv1.3 curves ${group} ciphersuites ${CIPHER}`
}

function configuration({ role, upstream }: Setup, bind: string): string {
  const http = role !== 'tcp'
  return `global
  nbthread 1
  maxconn 9900
${role === 'features' ? '  log stdout format raw local0' : ''}
defaults
  mode ${http ? 'http' : 'tcp'}
  timeout connect 2s
  timeout client 60s
  timeout server 60s
${http ? '  http-reuse always\n  option forwardfor' : ''}
  option redispatch 1
  retries 2
${role === 'features' ? '  log global\n  option httplog' : ''}
frontend in
  bind ${bind}
${role === 'features' ? FEATURES : ''}
  default_backend out
backend out
  balance leastconn
  server s1 ${upstream.host}:${upstream.port} check inter 2s
`
}

/** Four rules that do not match before the one that does; its counters are its metrics, and its exporter answers. */
const FEATURES = `  http-request use-service prometheus-exporter if { path /metrics }
  stick-table type ip size 100k expire 10s store http_req_rate(1s)
  http-request track-sc0 src
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }
  use_backend out if { hdr(host) -i admin.example.org }
  use_backend out if { path_beg /api/ }
  use_backend out if { method PUT }
  use_backend out if { req.hdr(x-version) -m str 2 }
  use_backend out if { path_beg / }`
