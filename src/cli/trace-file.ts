import { readPackedText } from '../app/text-file.ts'
import { readTrace } from '../simulator/trace/read.ts'
import type { Trace } from '../simulator/trace/trace.ts'
import { CliError } from './errors.ts'

/** What is read at once. */
const MOST_BYTES = 256 * 2 ** 20
const MOST_UNPACKED_BYTES = 476 * 2 ** 20

/** A trace from a CSV file, which may be packed by gzip, with what was mended in it. `stepMs` null = as its lines follow each other. */
export function readTraceFile(
  file: string,
  stepMs: number | null,
): { readonly trace: Trace; readonly notes: readonly string[] } {
  const fail = (message: string) => new CliError(message, 2)
  const read = readTrace(
    readPackedText(file, { mostBytes: MOST_BYTES, mostUnpackedBytes: MOST_UNPACKED_BYTES }, fail),
    stepMs,
  )
  if (read.ok) return read
  throw fail(read.problems.map((problem) => `${file}: ${problem}`).join('\n'))
}
