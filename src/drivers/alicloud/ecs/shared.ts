import type { Host } from '../../../core/time.ts'
import { type Account, openAccount } from '../account.ts'
import type { Transport } from '../client/transport.ts'
import type { EcsConfig } from './config.ts'
import { faultOf } from './faults.ts'
import { listInstances } from './instances.ts'
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
  /** Closed when nobody uses it any more. */
  release(): void
}

interface Counted {
  readonly shared: Omit<Shared, 'release'>
  readonly account: Account
  fleets: number
}

const open = new Map<string, Counted>()

/** One for whoever asks for the same. A transport of its own is another cloud. */
export function shareEcs(config: EcsConfig, host: Host, transport: Transport | undefined): Shared {
  const { region, endpoint, credentials } = config
  const key = JSON.stringify([region, endpoint, credentials, host.installation])
  const counted = (transport === undefined ? open.get(key) : undefined) ?? make(config, host, transport)
  counted.fleets++
  if (transport === undefined) open.set(key, counted)
  return {
    ...counted.shared,
    release() {
      if (--counted.fleets > 0) return
      if (open.get(key) === counted) open.delete(key)
      counted.account.close()
    },
  }
}

function make({ region, ...config }: EcsConfig, host: Host, transport: Transport | undefined): Counted {
  const account = openAccount({ ...config, region }, host, transport)
  const { call } = account
  const { clock, installation } = host
  const never = new AbortController().signal
  const read = async (fleet: string | null) => {
    const outcome = await listInstances(call, { region, installation, fleet }, never)
    if (!outcome.ok) throw faultOf('fleet.list-failed', 'the list of servers cannot be read', outcome.fault)
    return outcome.value
  }
  const list = new SharedList(read, clock)
  const means = { call, region, clock }
  const [prices, notices] = [new Prices(means), new Notices(means)]
  return { shared: { call, list, prices, notices, shortages: new Shortages(clock) }, account, fleets: 0 }
}
