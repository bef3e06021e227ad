import { readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { messageOf } from '../core/fault.ts'
import { readTrace } from '../simulator/trace/read.ts'
import type { Trace } from '../simulator/trace/trace.ts'
import { CliError } from './errors.ts'

/** What is read at once. */
const MOST_BYTES = 256 * 2 ** 20
const MOST_UNPACKED_BYTES = 500e6

/** A trace from a CSV file, which may be packed by gzip, with what was mended in it. `stepMs` null = as its lines follow each other. */
export function readTraceFile(
  file: string,
  stepMs: number | null,
): { readonly trace: Trace; readonly notes: readonly string[] } {
  const read = readTrace(textOf(file), stepMs)
  if (read.ok) return read
  throw new CliError(read.problems.map((problem) => `${file}: ${problem}`).join('\n'), 2)
}

function textOf(file: string): string {
  try {
    if (statSync(file).size <= MOST_BYTES) return unpacked(readFileSync(file)).toString('utf8')
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}`, 2)
  }
  throw new CliError(`${file} is larger than ${MOST_BYTES / 2 ** 20} MiB; cut it up`, 2)
}

function unpacked(bytes: Buffer): Buffer {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  return packed ? gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES }) : bytes
}
