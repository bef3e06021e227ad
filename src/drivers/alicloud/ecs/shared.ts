import type { Host } from '../../../core/time.ts'
import { type Account, openAccount } from '../account.ts'
import { nodeTransport, type Transport } from '../client/transport.ts'
import { faultOf } from '../faults.ts'
import type { EcsConfig } from './config.ts'
import { type Instance, listInstances } from './instances.ts'
import { Notices } from './notices.ts'
import { Shortages } from './placements.ts'
import { Prices } from './prices.ts'
import { SharedList } from './shared-list.ts'

/** What all fleets of one account and region share. */
export interface Shared extends Pick<Account, 'call'> {
  readonly list: SharedList
  readonly prices: Prices
  readonly notices: Notices
  readonly shortages: Shortages
  /** Those of no fleet that is open, by id. Of several fleets one tells of them. */
  straysFor(fleet: string): readonly string[]
  /** Closed when nobody uses it any more. */
  release(): void
}

interface Counted {
  readonly shared: Omit<Shared, 'release' | 'straysFor'>
  readonly account: Account
  /** By name; one that is opened anew is there twice for a moment. */
  readonly fleets: string[]
}

/** By the network that leads there: another one is another cloud. */
const clouds = new WeakMap<Transport, Map<string, Counted>>()
/** The names of all that are open, whatever their account and region: an installation has each once. */
const names: string[] = []

/** One for all fleets that ask for the same. */
export function shareEcs(
  config: EcsConfig,
  host: Host,
  { fleet, transport = nodeTransport }: { readonly fleet: string; readonly transport: Transport | undefined },
): Shared {
  const { region, endpoint, credentials } = config
  const open = clouds.get(transport) ?? new Map<string, Counted>()
  clouds.set(transport, open)
  const key = JSON.stringify([region, endpoint, credentials, host.installation])
  const counted = open.get(key) ?? make(config, host, transport)
  counted.fleets.push(fleet)
  names.push(fleet)
  open.set(key, counted)
  return {
    ...counted.shared,
    straysFor: (asking) => (counted.fleets[0] === asking ? counted.shared.list.besides(names) : []),
    release() {
      names.splice(names.indexOf(fleet), 1)
      counted.fleets.splice(counted.fleets.indexOf(fleet), 1)
      if (counted.fleets.length > 0) return
      open.delete(key)
      counted.account.close()
    },
  }
}

function make({ region, ...config }: EcsConfig, host: Host, transport: Transport): Counted {
  const account = openAccount({ ...config, region }, host, transport)
  const { call } = account
  const { clock, installation } = host
  const never = new AbortController().signal
  const read = async (fleet: string | null, before: readonly Instance[]) => {
    const outcome = await listInstances(call, { region, installation, fleet, before }, never)
    if (!outcome.ok) throw faultOf('fleet.list-failed', 'the list of servers cannot be read', outcome.fault)
    return outcome.value
  }
  const list = new SharedList(read, clock)
  const means = { call, region, clock }
  const [prices, notices] = [new Prices(means), new Notices(means)]
  return { shared: { call, list, prices, notices, shortages: new Shortages(clock) }, account, fleets: [] }
}
