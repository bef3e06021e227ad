import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LOAD_CPU } from './processes.ts'

export interface Load {
  readonly requests: number
  readonly rps: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly errors: number
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

/** Drives `connections` kept connections as fast as they go; closed loop, pinned away from the proxy. */
export async function runWrk(
  wrk: string,
  url: string,
  about: { connections: number; seconds: number },
): Promise<Load> {
  const args = [
    '-c',
    String(LOAD_CPU),
    wrk,
    '-t1',
    `-c${about.connections}`,
    `-d${about.seconds}s`,
    '--latency',
    url,
  ]
  const { stdout } = await promisify(execFile)('taskset', args)
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0)
  const failed = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)
  return {
    requests: number(/(\d+) requests in/),
    rps: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: latency(stdout, 50),
    p99Ms: latency(stdout, 99),
    errors:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      (failed ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
  }
}

function latency(stdout: string, percent: number): number {
  const match = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(stdout)
  return match ? Number(match[1]) * (UNITS[match[2]!] ?? 0) : Number.NaN
}
