import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
import type { Contestant, Running } from './contestant.ts'

export const nginx: Contestant = {
  name: 'nginx',
  missing: () => (findProgram('nginx') ? null : 'nginx is not installed'),
  start: (upstream) =>
    startNginx(
      PROXY_CPU,
      (port) => `
  upstream out { server ${upstream.host}:${upstream.port}; keepalive 128; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://out;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }`,
    ),
}

/** The server behind every contestant: one small file from the page cache, so that the proxy is what is measured. */
export async function startOrigin(body: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-origin-'))
  writeFileSync(join(folder, 'body'), body)
  const running = await startNginx(
    LOAD_CPU,
    (port) => `
  open_file_cache max=10;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder};
    location / { default_type text/plain; try_files /body =500; }
  }`,
  )
  const stop = async () => {
    await running.stop()
    rmSync(folder, { recursive: true })
  }
  return { ...running, stop }
}

async function startNginx(cpu: number, http: (port: number) => string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`)
    .join('\n')
  writeFileSync(
    file,
    `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 24000; }
http {
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
${temporary}
${http(port)}
}
`,
  )
  const child = startPinned(cpu, [findProgram('nginx')!, '-p', folder, '-c', file])
  const url = `http://127.0.0.1:${port}/`
  await untilAnswers(url)
  const stop = async () => {
    await stopProcess(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, pid: child.pid!, stop }
}
