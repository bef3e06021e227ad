import type { Context } from './context.ts'

/** Gives an order and says what is now so, perhaps after a look: the API's answer is the data, the sentence a message. */
export async function order(
  { client, out, json }: Context,
  call: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly body?: object },
  says: string | (() => Promise<string>),
): Promise<number> {
  const answer = await client.send<object>(call.method, call.path, call.body)
  const said = typeof says === 'string' ? says : await says()
  if (json) out.json(answer)
  out.note(said)
  return 0
}

export function serverPath(server: string, verb: 'drain' | 'ready'): string {
  return `/api/v1/servers/${encodeURIComponent(server)}/${verb}`
}

export function fleetPath(fleet: string, verb: 'pause' | 'resume' | 'replace' | 'desired'): string {
  return `/api/v1/fleets/${encodeURIComponent(fleet)}/${verb}`
}
