/** What a token lets its holder do: `read` looks, `operate` also gives orders. */
export type Scope = 'read' | 'operate'

/** One holder of a token. The token itself is not kept anywhere, only its hash. */
export interface AdminToken {
  readonly name: string
  readonly scope: Scope
  /** SHA-256 of the token, 64 lower-case hexadecimal digits. A token is random, so a slow hash would protect nothing. */
  readonly sha256: string
}

/** Who may ask the admin API. */
export interface Access {
  /** null = nobody needs a token: only for a loopback address. */
  readonly tokens: readonly AdminToken[] | null
  /** Host names by which it may be addressed, besides those of loopback; lower case. */
  readonly hosts: readonly string[]
}

const LINE = /^([A-Za-z0-9._@-]{1,40})[ \t]+(read|operate)[ \t]+sha256:([0-9a-f]{64})$/
const MOST = 1000

/** A token file: a holder a line, `NAME read|operate sha256:HASH`; `#` begins a comment. `wrong` has a sentence a bad line, from which
 *  nothing of the line can be read: it may hold a token by mistake. */
export function parseTokens(text: string): {
  readonly tokens: readonly AdminToken[]
  readonly wrong: readonly string[]
} {
  const tokens: AdminToken[] = []
  const wrong: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim()
    if (content === '' || content.startsWith('#')) continue
    const match = LINE.exec(content)
    if (!match)
      wrong.push(
        `line ${index + 1}: expected "NAME read|operate sha256:HASH"; \`tidegate token NAME\` writes one`,
      )
    else if (tokens.some(({ name }) => name === match[1]))
      wrong.push(`line ${index + 1}: ${match[1]} has a token already`)
    else if (tokens.length === MOST) wrong.push(`line ${index + 1}: more than ${MOST} tokens`)
    else tokens.push({ name: match[1]!, scope: match[2] as Scope, sha256: match[3]! })
  }
  return { tokens, wrong }
}

/** The line of a token file for one holder. */
export function tokenLine({ name, scope, sha256 }: AdminToken): string {
  return `${name} ${scope} sha256:${sha256}`
}

/** Names that a token may have; the same that a line takes. */
export function isTokenName(name: string): boolean {
  return LINE.test(`${name} read sha256:${'0'.repeat(64)}`)
}
