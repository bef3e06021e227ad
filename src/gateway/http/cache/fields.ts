import type { Buffer } from 'node:buffer'
import { RESPONSE_FIELDS } from '../../http1/forward.ts'
import type { HeaderLines } from '../../http1/header-lines.ts'

/** Header fields by name, in lower case; lines of one name are joined (RFC 9110 5.3). */
export type Fields = Record<string, string>
/** One header line as it came. */
export type Line = readonly [name: string, value: string]

/** All that a head says, but what `Connection` takes out of it. */
export function fieldsOf(bytes: Buffer, lines: HeaderLines): Fields {
  const fields: Fields = Object.create(null)
  for (let at = 0; at < lines.count; at++) {
    if (lines.isDropped(at)) continue
    const name = bytes.toString('latin1', lines.start(at), lines.nameEnd(at)).toLowerCase()
    const value = bytes.toString('latin1', lines.valueStart(at), lines.valueEnd(at))
    fields[name] = fields[name] === undefined ? value : `${fields[name]}, ${value}`
  }
  // RFC 9111 5.2: the names of directives have no case.
  if (fields['cache-control'] !== undefined) fields['cache-control'] = fields['cache-control'].toLowerCase()
  return fields
}

/** The lines of an answer that go on to a client. */
export function endToEndLines(bytes: Buffer, lines: HeaderLines): Line[] {
  const kept: Line[] = []
  for (let at = 0; at < lines.count; at++) {
    if (lines.isDropped(at) || ((RESPONSE_FIELDS >>> lines.id(at)) & 1) === 0) continue
    kept.push([
      bytes.toString('latin1', lines.start(at), lines.nameEnd(at)),
      bytes.toString('latin1', lines.valueStart(at), lines.valueEnd(at)),
    ])
  }
  return kept
}

export function dropLines(lines: HeaderLines, bytes: Buffer, names: ReadonlySet<string>): void {
  for (let at = 0; at < lines.count; at++) {
    if (names.has(bytes.toString('latin1', lines.start(at), lines.nameEnd(at)).toLowerCase())) lines.drop(at)
  }
}
