import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort, LOAD_CPU, startPinned, stopProcess } from './processes.ts'

const BENCH = resolve(import.meta.dirname, '..')

/** Runs a load generator of ours, `loads/NAME.ts`, pinned away from the proxy; what it prints is JSON. */
export async function runNodeLoad<T>(name: string, args: readonly (string | number)[]): Promise<T> {
  const file = resolve(BENCH, 'loads', `${name}.ts`)
  const command = ['-c', `${LOAD_CPU}`, process.execPath, file, ...args.map(String)]
  const { stdout } = await promisify(execFile)('taskset', command)
  return JSON.parse(stdout) as T
}

export interface Origin {
  readonly port: number
  stop(): Promise<void>
}

/** Starts a server of ours, `origins/NAME.ts`, on the load's core. */
export async function startNodeOrigin(name: string): Promise<Origin> {
  const port = await freePort()
  const file = resolve(BENCH, 'origins', `${name}.ts`)
  const child = startPinned(LOAD_CPU, [process.execPath, file, `${port}`])
  return { port, stop: () => stopProcess(child) }
}
