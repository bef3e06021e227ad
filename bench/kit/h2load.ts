import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CIPHER, type Setup } from '../contestants/contestant.ts'
import { LOAD_CPU } from './processes.ts'
import type { Load } from './wrk.ts'

export interface H2load {
  readonly connections: number
  /** At once on a connection; null = HTTP/1.1. */
  readonly streams: number | null
  readonly seconds: number
  readonly group: Setup['group']
}

/** Drives kept connections over TLS 1.3 as fast as they go; closed loop, pinned away from the proxy. It tells no percentiles. */
export async function runH2load(program: string, url: string, about: H2load): Promise<Load> {
  const args = [
    ...['-c', String(LOAD_CPU), program, `-c${about.connections}`, '-D', `${about.seconds}`],
    ...[`--tls13-ciphers=${CIPHER}`, `--groups=${about.group}`],
    ...(about.streams === null ? ['--h1', '-m1'] : [`-m${about.streams}`]),
    url,
  ]
  const { stdout } = await promisify(execFile)('taskset', args)
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0)
  const spoken = /Application protocol: (\S+)/.exec(stdout)?.[1]
  const group = /Server Temp Key: (\S+)/.exec(stdout)?.[1]
  const wanted = about.streams === null ? 'http/1.1' : 'h2'
  if (spoken !== wanted || group !== about.group)
    throw new Error(`${url} speaks ${spoken} by ${group}, not ${wanted} by ${about.group}`)
  const requests = number(/(\d+) succeeded/)
  return {
    requests,
    rps: requests / about.seconds,
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    errors: number(/(\d+) failed/) + number(/status codes: .* (\d+) 4xx/) + number(/ (\d+) 5xx/),
  }
}
