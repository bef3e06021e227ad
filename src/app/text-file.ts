import { readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { messageOf } from '../core/fault.ts'

/** The text of a file that is read at once. Throws what `fail` makes of the reason why it is not; `decode` makes text of what it holds. */
export function readTextFile(
  file: string,
  mostBytes: number,
  fail: (message: string) => Error,
  decode: (bytes: Buffer) => Buffer = (bytes) => bytes,
): string {
  try {
    if (statSync(file).size <= mostBytes) return decode(readFileSync(file)).toString('utf8')
  } catch (error) {
    throw fail(`${file} cannot be read: ${messageOf(error)}`)
  }
  throw fail(`${file} is larger than ${mostBytes / 2 ** 20} MiB; cut it up`)
}

interface PackedLimits {
  readonly mostBytes: number
  readonly mostUnpackedBytes: number
}

/** The same of one that may be packed by gzip. */
export function readPackedText(
  file: string,
  { mostBytes, mostUnpackedBytes }: PackedLimits,
  fail: (message: string) => Error,
): string {
  return readTextFile(file, mostBytes, fail, (bytes) => {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
    return packed ? gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes }) : bytes
  })
}
