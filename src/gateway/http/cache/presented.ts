import { Buffer } from 'node:buffer'
import { parseResponseHead, ResponseHead } from '../../http1/response-head.ts'
import { clientHasIt, partOf } from './conditional.ts'
import type { Fields, Line } from './fields.ts'
import { ageOf, headBytes, type Stored } from './stored.ts'

/** An answer as filters take it. */
export interface Presented {
  readonly head: ResponseHead
  readonly bytes: Buffer
  readonly body: Buffer
}

const NOTHING = Buffer.alloc(0)
/** The head was within a server's limits; a few lines are ours. */
const LIMITS = { headerBytes: 16 * 1024 * 1024, headerCount: 10_000 }

/** A kept answer as this request gets it: whole, a part of it, or the word that its client has it. `status` is that of RFC 9211. */
export function present(stored: Stored, asked: Fields, isHead: boolean, status: string): Presented {
  const { lines, body } = stored
  const added = `Age: ${ageOf(stored)}\r\nCache-Status: tidegate; ${status}\r\n`
  if (clientHasIt(stored, asked))
    return made({ status: 304, lines: ofUnmodified(lines), length: null }, added, NOTHING, false)
  const part = isHead ? null : partOf(stored, asked)
  if (part === 'none') {
    const unsatisfied: Line[] = [['Content-Range', `bytes */${body.length}`]]
    return made({ status: 416, lines: unsatisfied, length: 0 }, added, NOTHING, false)
  }
  if (part !== null) {
    const { start, end } = part
    const range: Line = ['Content-Range', `bytes ${start}-${end - 1}/${body.length}`]
    return made(
      { status: 206, lines: [...lines, range], length: end - start },
      added,
      body.subarray(start, end),
      false,
    )
  }
  const length = stored.status === 204 ? null : body.length
  return made({ status: stored.status, lines, length }, added, isHead ? NOTHING : body, isHead)
}

/** RFC 9110 15.4.5: nothing about a body that does not come, but what finds it again. */
function ofUnmodified(lines: readonly Line[]): Line[] {
  return lines.filter(([name]) => !/^content-(?!location$)/i.test(name))
}

interface Plan {
  readonly status: number
  readonly lines: readonly Line[]
  readonly length: number | null
}

function made({ status, lines, length }: Plan, added: string, body: Buffer, isHead: boolean): Presented {
  const bytes = headBytes(status, lines, length)
  const head = new ResponseHead(LIMITS)
  head.toHead = isHead
  if (parseResponseHead(bytes, 0, bytes.length, head) <= 0) throw new Error('a kept head cannot be read')
  head.added = added
  return { head, bytes, body }
}
