import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProgram, freePort, stopProcess } from '../../bench/kit/processes.ts'
import { systemClock } from '../../src/app/clock.ts'
import { openClient } from '../../src/drivers/prometheus/client.ts'
import { type PrometheusConfig, parseSource } from '../../src/drivers/prometheus/config.ts'
import { instantQuery } from '../../src/drivers/prometheus/query.ts'

/** Why tests with a real Prometheus cannot run here; null when they can. */
export const noPrometheus =
  ['prometheus', 'promtool', 'openssl'].find((name) => findProgram(name) === null) ?? null

const STARTS = 5
const HANG_MS = 60_000
const never = new AbortController().signal

export const REAL_CLOCK = systemClock()

/** The settings that a source of the file would have. */
export function sourceConfig(raw: Record<string, unknown>, baseDir = '/'): PrometheusConfig {
  const parsed = parseSource(raw, { baseDir })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

interface Options {
  /** What it scrapes, once a second, by job: `host:port`. */
  readonly targets?: Readonly<Record<string, string>>
  /** Its own `web.config.file`: TLS and users. */
  readonly web?: string
}

/** A real Prometheus on a free port, with a folder of its own. */
export class TestPrometheus implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidegate-prometheus-'))
  port = 0
  #child: ChildProcess | null = null
  #output = ''

  static async start({ targets = {}, web }: Options = {}): Promise<TestPrometheus> {
    const prometheus = new TestPrometheus()
    const jobs = Object.entries(targets).map(
      ([job, target]) => `{ job_name: ${job}, static_configs: [ { targets: [ "${target}" ] } ] }`,
    )
    prometheus.write(
      'prometheus.yml',
      `global: { scrape_interval: 1s }\nscrape_configs: [ ${jobs.join(', ')} ]\n`,
    )
    if (web !== undefined) prometheus.write('web.yml', web)
    await prometheus.#start()
    return prometheus
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text)
  }

  async #start(port: number | null = null): Promise<void> {
    for (let attempt = 0; attempt < STARTS; attempt++) {
      this.port = port ?? (await freePort())
      this.#child = spawn(
        findProgram('prometheus')!,
        [
          `--config.file=${this.path('prometheus.yml')}`,
          `--storage.tsdb.path=${this.path('data')}`,
          `--web.listen-address=127.0.0.1:${this.port}`,
          ...(existsSync(this.path('web.yml')) ? [`--web.config.file=${this.path('web.yml')}`] : []),
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      )
      this.#child.stderr!.on('data', (chunk) => (this.#output += chunk))
      if (await this.#isReady(this.#child)) return
    }
    throw new Error(`prometheus does not start:\n${this.#output.slice(-3000)}`)
  }

  /** False when it has ended: another program may have taken the port. */
  async #isReady(child: ChildProcess): Promise<boolean> {
    const endAt = Date.now() + HANG_MS
    while (!this.#output.includes('Server is ready to receive web requests')) {
      if (child.exitCode !== null || Date.now() > endAt) return false
      await sleep(20)
    }
    return true
  }

  /** Until the query, which gives one series, gives this. */
  async until(query: string, wanted: (value: number) => boolean): Promise<void> {
    const { ask, close } = openClient(sourceConfig({ url: this.url }), REAL_CLOCK)
    const endAt = Date.now() + HANG_MS
    let seen: unknown
    try {
      while (Date.now() < endAt) {
        const [first] = await instantQuery(ask, query, never)
        seen = first?.samples[0]?.value
        if (typeof seen === 'number' && wanted(seen)) return
        await sleep(50)
      }
    } finally {
      close()
    }
    throw new Error(`waited in vain for ${query}, which is ${String(seen)}`)
  }

  /** At the same port, with all that it knew. */
  async restart(): Promise<void> {
    this.#output = ''
    await this.#start(this.port)
  }

  async stop(): Promise<void> {
    if (this.#child) await stopProcess(this.#child)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Something to scrape: gauges that a test sets, each with a time of its own if it has one. */
export class Exporter implements AsyncDisposable {
  readonly #gauges = new Map<string, string>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4')
      response.end([...this.#gauges].map(([series, value]) => `${series} ${value}\n`).join(''))
    })
  }

  static async start(): Promise<Exporter> {
    const exporter = new Exporter()
    await once(exporter.#server.listen(0, '127.0.0.1'), 'listening')
    return exporter
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  set(series: string, value: number, at?: number): void {
    this.#gauges.set(series, at === undefined ? String(value) : `${value} ${at}`)
  }

  remove(series: string): void {
    this.#gauges.delete(series)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}

/** A self-made certificate for 127.0.0.1, and its key, as PEM files. */
export function makeCertificate(folder: string, name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}-cert.pem`), join(folder, `${name}-key.pem`)]
  const what = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2', '-nodes']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', ['req', '-x509', ...kind, ...what, '-out', cert, '-keyout', key], {
    stdio: 'ignore',
  })
  return { cert, key }
}
