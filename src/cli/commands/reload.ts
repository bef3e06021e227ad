import type { Context } from '../context.ts'

/** `tidegate reload`: the running Tidegate loads its configuration anew; a bad one is refused and the old one stays. */
export async function reload({ client, out, json }: Context): Promise<number> {
  // A Tidegate of an earlier version says nothing of warnings.
  const answer = await client.send<{ readonly warnings?: readonly string[] }>('POST', '/api/v1/reload')
  if (json) out.json(answer)
  for (const warning of answer.warnings ?? []) out.note(warning)
  out.note('the configuration is loaded')
  return 0
}
