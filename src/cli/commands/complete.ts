import type { Command } from 'commander'
import type { BalancerSummary, FleetStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { Client } from '../client.ts'
import { FILES } from '../completion/scripts.ts'
import { type Candidate, type Names, wantedBy } from '../completion/wanted.ts'
import { printable } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { OWN } from './logs.ts'

export interface CompleteTools {
  /** Of whoever these options name; throws when nobody answers. */
  withClient<T>(options: GlobalOptions, ask: (client: Client) => Promise<T>): Promise<T>
  print(text: string): void
}

/** `tidegate complete -- WORD...`, which the completion scripts run: what may stand in the place of the last word, a line each. A shell at
 *  its prompt has no use for errors: without an answer there are no names. */
export async function complete(
  program: Command,
  words: readonly string[],
  tools: CompleteTools,
): Promise<number> {
  const { candidates, names, files, given } = wantedBy(program, words)
  const last = words.at(-1) ?? ''
  const found =
    names === null ? [] : await tools.withClient(given, (client) => namesOf(client, names)).catch(() => [])
  const fitting = found.filter((name) => name.startsWith(last))
  const all: readonly Candidate[] = [...candidates, ...fitting.map((word) => ({ word, about: '' }))]
  for (const { word, about } of all) tools.print(`${printable(word)}\t${printable(about)}\n`)
  if (files && all.length === 0) tools.print(`${FILES}\n`)
  return 0
}

async function namesOf(client: Client, names: Names): Promise<readonly string[]> {
  if (names === 'canaries') {
    const { items } = await client.get<Page<BalancerSummary>>('/api/v1/balancers')
    return items.flatMap(({ canaries }) => canaries.map(({ name }) => name))
  }
  const { items } = await client.get<Page<FleetStatus>>('/api/v1/fleets')
  const fleets = items.map(({ name }) => name)
  const servers = items.flatMap((fleet) => fleet.servers.map(({ id }) => id))
  switch (names) {
    case 'fleets':
      return fleets
    case 'servers':
      return servers
    case 'metrics':
      return [...new Set(items.flatMap(({ readings }) => Object.keys(readings)))]
    case 'logs':
      return [...OWN, ...fleets, ...servers]
    default:
      return names satisfies never
  }
}
