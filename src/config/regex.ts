import { RE2JS } from 're2js'

/** What is wrong with a regular expression, in the engine's words; null when nothing is. The engine is the gateway's: its time is linear
 *  in the text, so it has no look-around and no back references. */
export function regexProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern)
    return null
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    return `not a regular expression of RE2: ${why}`
  }
}

/** Does it match somewhere in the text? The pattern must be one. */
export function regexFinds(pattern: string, text: string): boolean {
  return RE2JS.compile(pattern).test(text)
}

/** How many groups it has; 0 when it is none. */
export function regexGroups(pattern: string): number {
  return regexProblem(pattern) === null ? RE2JS.compile(pattern).groupCount() : 0
}
