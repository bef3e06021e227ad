import type { Finding } from '../../../core/finding.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import type { Fields } from '../client/fields.ts'
import { JsonText } from '../client/parameters.ts'
import { Prices } from '../ecs/prices.ts'
import { type Look, unanswered } from './look.ts'

const ABOUT = 'private-pool'
const PAGE = 100
const MOST_PAGES = 100
/** What keeps capacity, by how the id of its private pool begins. */
const KEEPERS = {
  'eap-': {
    action: 'DescribeElasticityAssurances',
    set: 'ElasticityAssuranceSet',
    item: 'ElasticityAssuranceItem',
  },
  'crp-': {
    action: 'DescribeCapacityReservations',
    set: 'CapacityReservationSet',
    item: 'CapacityReservationItem',
  },
} as const
type Keeper = (typeof KEEPERS)[keyof typeof KEEPERS]

/** Of one private pool that the fleet may take from, what is kept of one type in one zone, in servers. */
interface Kept {
  readonly pool: string
  readonly type: string
  readonly zone: string
  readonly total: number
  readonly used: number
}

/** What is reserved for the fleet, and what of it is paid for without being used. */
export async function lookAtReservations(look: Look, zones: readonly string[]): Promise<readonly Finding[]> {
  const { privatePool, instanceTypes } = look.config.template
  if (privatePool === '') return []
  const keepers = Object.entries(KEEPERS)
    .filter(([prefix]) => privatePool === 'open' || privatePool.startsWith(prefix))
    .map(([, keeper]) => keeper)
  const kept: Kept[] = []
  for (const keeper of keepers) {
    const outcome = await readKept(look, keeper)
    if (!outcome.ok) return [unanswered(ABOUT, outcome.fault)]
    kept.push(...outcome.value)
  }
  const fitting = kept.filter(({ type, zone }) => instanceTypes.includes(type) && zones.includes(zone))
  if (fitting.length > 0) return await Promise.all(fitting.map((one) => usageOf(look, one)))
  return [privatePool === 'open' ? noneOpen() : unfit(look, kept)]
}

async function readKept(look: Look, { action, set, item }: Keeper): Promise<Outcome<readonly Kept[]>> {
  const { region, template } = look.config
  const isOpen = template.privatePool === 'open'
  const Ids = isOpen ? undefined : new JsonText([template.privatePool])
  const all: Kept[] = []
  let token: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const outcome = await look.call(
      {
        product: 'ecs',
        action,
        query: { RegionId: region, MaxResults: PAGE, NextToken: token, PrivatePoolOptions: { Ids } },
        read: (answer) => ({
          kept: answer
            .inside(set)
            .list(item)
            .filter((one) => one.text('Status') === 'Active' && (!isOpen || matchesOpen(one)))
            .flatMap(keptIn),
          next: answer.has('NextToken') ? answer.text('NextToken') : '',
        }),
      },
      look.signal,
    )
    if (!outcome.ok) return outcome
    all.push(...outcome.value.kept)
    if (outcome.value.next === '') break
    token = outcome.value.next
  }
  return { ok: true, value: all }
}

/** The others are only for whoever names them. */
function matchesOpen(keeper: Fields): boolean {
  return keeper.text('PrivatePoolOptionsMatchCriteria') === 'Open'
}

function keptIn(keeper: Fields): readonly Kept[] {
  return keeper
    .inside('AllocatedResources')
    .list('AllocatedResource')
    .map((part) => ({
      pool: keeper.text('PrivatePoolOptionsId'),
      type: part.text('InstanceType'),
      // The cloud writes this one name small.
      zone: part.text('zoneId'),
      total: part.number('TotalAmount'),
      used: part.number('UsedAmount'),
    }))
}

/** Reserved capacity costs what servers would; what an assurance costs is a fee of its own, which no operation tells. */
async function usageOf(look: Look, { pool, type, zone, total, used }: Kept): Promise<Finding> {
  const says = `${pool}: ${used} of ${total} ${type} in ${zone} are used`
  const idle = total - used
  if (idle === 0) return { level: 'ok', about: ABOUT, says }
  const prices = new Prices({ call: look.call, region: look.config.region, clock: look.clock })
  const offer = { instanceType: type, spot: false }
  if (pool.startsWith('crp-')) await prices.refresh([offer], look.signal)
  const price = prices.of(offer, null)
  const cost = price === null ? `${idle}` : `${idle}, ${(price * idle).toFixed(2)} an hour`
  return { level: 'ok', about: ABOUT, says: `${says}; paid for without being used: ${cost}` }
}

function noneOpen(): Finding {
  const says = 'the account has no open private pool of the types and in the zones of the fleet'
  const fix =
    'leave private-pool out, name one that is not open by its id, or buy an elasticity assurance or a capacity reservation for them'
  return { level: 'warning', about: ABOUT, says, fix }
}

function unfit({ config }: Look, kept: readonly Kept[]): Finding {
  const { privatePool } = config.template
  const what = kept.map(({ type, zone }) => `${type} in ${zone}`).join(', ')
  const says =
    what === ''
      ? `there is no private pool ${privatePool} in effect in ${config.region}`
      : `${privatePool} keeps ${what}, which the fleet does not ask for`
  const fix =
    'name a private pool of these types and zones, as the ECS console lists them at elasticity assurances and capacity reservations, or open'
  return { level: 'problem', about: ABOUT, says, fix }
}
