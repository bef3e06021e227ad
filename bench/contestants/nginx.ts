import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  findProgram,
  freePort,
  LOAD_CPU,
  PROXY_CPU,
  startPinned,
  stopProcess,
  untilAnswers,
} from '../kit/processes.ts'
import { CIPHER, type Contestant, type Running, type Setup, schemeOf } from './contestant.ts'

const STREAM = '/usr/lib/nginx/modules/ngx_stream_module.so'

export const nginx: Contestant = {
  name: 'nginx',
  missing: ({ role, group }) => {
    if (!findProgram('nginx')) return 'nginx is not installed'
    if (role === 'features') return 'nginx: its free version has no metrics by route'
    if (role === 'tcp' && !existsSync(STREAM)) return 'nginx: libnginx-mod-stream is not installed'
    return group === 'X25519' ? null : 'nginx: its OpenSSL has no ML-KEM'
  },
  start: (setup) => startNginx(PROXY_CPU, schemeOf(setup.role), (port) => proxying(setup, port)),
}

/** One small file from the page cache, so that the proxy is what is measured. */
export async function startOrigin(body: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-origin-'))
  writeFileSync(join(folder, 'body'), body)
  const running = await startNginx(LOAD_CPU, 'http', (port) =>
    http(`
  open_file_cache max=10;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder};
    location / { default_type text/plain; try_files /body =500; }
  }`),
  )
  const stop = async () => {
    await running.stop()
    rmSync(folder, { recursive: true })
  }
  return { ...running, stop }
}

function proxying(setup: Setup, port: number): string {
  const { role, upstream, certificate, group } = setup
  const server = `server ${upstream.host}:${upstream.port};`
  const listen = `127.0.0.1:${port} backlog=4096`
  if (role === 'tcp')
    return `stream { upstream out { ${server} } server { listen ${listen}; proxy_pass out; } }`
  const tls = `ssl_certificate ${certificate.certFile}; ssl_certificate_key ${certificate.keyFile};
    ssl_protocols TLSv1.3; ssl_ecdh_curve ${group}; ssl_conf_command Ciphersuites ${CIPHER};`
  const flags = schemeOf(role) === 'https' ? ` ssl${role === 'http2' ? ' http2' : ''}` : ''
  return http(`
  upstream out { ${server} keepalive 128; keepalive_requests 100000000; }
  server {
    listen ${listen}${flags};
    ${flags ? tls : ''}
    client_max_body_size 0;
    location / {
      proxy_pass http://out;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }`)
}

function http(inside: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${kind};`)
    .join('\n')
  return `http {
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
${temporary}
${inside}
}`
}

async function startNginx(cpu: number, scheme: string, blocks: (port: number) => string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `${scheme === 'tcp' ? `load_module ${STREAM};` : ''}
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 24000; }
${blocks(port)}
`,
  )
  const child = startPinned(cpu, [findProgram('nginx')!, '-p', folder, '-c', file])
  const url = `${scheme}://127.0.0.1:${port}/`
  await untilAnswers(url)
  const stop = async () => {
    await stopProcess(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, pid: child.pid!, stop }
}
