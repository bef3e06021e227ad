import type { Scope } from '../../core/access.ts'
import { CliError } from '../errors.ts'
import type { LoadSettings } from '../locate.ts'
import type { Output } from '../output.ts'

interface Tools {
  readonly load: LoadSettings
  readonly out: Output
  /** Adds a holder to a token file, and gives the token. */
  readonly add: (path: string, name: string, scope: Scope) => string
}

/** `tidegate token NAME`: makes a token, writes its hash into the file of `admin.tokens`, and prints it, once. */
export async function token(
  file: string,
  { name, scope }: { readonly name: string; readonly scope: Scope },
  { load, out, add }: Tools,
): Promise<number> {
  const loaded = await load(file)
  if (!loaded.ok) throw new CliError(`${file} has errors; \`tidegate validate ${file}\` lists them`, 2)
  const { tokens } = loaded.settings.admin
  if (tokens === null) {
    throw new CliError(`${file} keeps no tokens; add admin: { tokens: ./tokens } and run this again`, 2)
  }
  out.line(add(tokens, name, scope))
  out.note(`${name} may ${scope}; the token is shown only now, and ${tokens} keeps its hash`)
  return 0
}
