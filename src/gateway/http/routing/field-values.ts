import type { Buffer } from 'node:buffer'
import type { RequestHead } from '../../http1/request-head.ts'
import { isWord } from '../../http1/tokens.ts'

type Test = (value: string) => boolean

/** Does a line of this header pass? `name` is in lower case. */
export function someHeader(head: RequestHead, bytes: Buffer, name: string, test: Test): boolean {
  const { lines } = head
  for (let line = 0; line < lines.count; line++) {
    if (!isWord(bytes, lines.start(line), lines.nameEnd(line), name)) continue
    if (test(bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line)))) return true
  }
  return false
}

/** Does a cookie of this name pass? */
export function someCookie(head: RequestHead, bytes: Buffer, name: string, test: Test): boolean {
  return someHeader(head, bytes, 'cookie', (value) =>
    value.split(';').some((pair) => {
      const [key, text] = halves(pair)
      return key.trim() === name && test(text.trim())
    }),
  )
}

/** The first value of a cookie; null when it is not there. */
export function cookieText(head: RequestHead, bytes: Buffer, name: string): string | null {
  let found: string | null = null
  someCookie(head, bytes, name, (value) => {
    found = value
    return true
  })
  return found
}

/** Does a parameter of the query pass, percent codes read? */
export function someParameter(head: RequestHead, bytes: Buffer, name: string, test: Test): boolean {
  if (head.pathEnd + 1 >= head.targetEnd) return false
  const query = bytes.toString('latin1', head.pathEnd + 1, head.targetEnd)
  return query.split('&').some((pair) => {
    const [key, text] = halves(pair)
    return decoded(key) === name && test(decoded(text))
  })
}

/** What stands before and behind the first `=`. */
function halves(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}

/** As forms are (WHATWG URL 5.1). Text whose codes are broken stays as it is. */
function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
