import { execFile } from 'node:child_process'
import { resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../bin/tidegate.js')

/** Runs a command line as a process of its own. */
export function tidegate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [PROGRAM, ...args], (_error, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    )
  })
}
