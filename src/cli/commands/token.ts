import { addToken } from '../../app/tokens.ts'
import type { Scope } from '../../core/access.ts'
import type { FileContext } from '../context.ts'
import { CliError } from '../errors.ts'

/** `tidegate token NAME`: makes a token, writes its hash into the file of `admin.tokens`, and prints it, once. */
export async function token(
  { settings, out }: FileContext,
  { name, scope }: { readonly name: string; readonly scope: Scope },
): Promise<number> {
  const { tokens } = settings.admin
  if (tokens === null) {
    throw new CliError(
      `${settings.file} keeps no tokens; add admin: { tokens: ./tokens } and run this again`,
      2,
    )
  }
  out.quote(addToken(tokens, name, scope))
  out.note(`${name} may ${scope}; the token is shown only now, and ${tokens} keeps its hash`)
  return 0
}
