import type { CarbonRates } from '../../../core/carbon.ts'
import { Fault } from '../../../core/fault.ts'
import type { LaunchReceipt, LaunchRequest } from '../../../core/fleet.ts'
import { hash64 } from '../../../core/hash.ts'
import { sequenceOf } from '../../../core/step.ts'
import type { Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import type { Parameters } from '../client/parameters.ts'
import { faultOf } from '../faults.ts'
import { type EcsTemplate, readTemplate } from './config.ts'
import { type Instance, launchedAt } from './instances.ts'
import { movesOn } from './moves-on.ts'
import {
  choiceOf,
  nameOf,
  numberOf,
  onDemandOf,
  type Placement,
  placementsOf,
  type Shortages,
  spreadOver,
} from './placements.ts'
import type { Prices } from './prices.ts'
import { TAGS } from './tags.ts'

/** RunInstances takes no more. */
const MOST = 100
const LONGEST_TOKEN = 64
const LEAST_RELEASE_MS = 45 * 60_000
const LATELY = 'nothing there lately'

/** What every launch of a fleet needs beside its request. */
export interface Launcher {
  readonly call: CallCloud
  readonly region: string
  readonly installation: string
  readonly shortages: Shortages
  readonly prices: Prices
  /** How long a server of the fleet may take until it serves. */
  readonly startupMs: Millis
  /** null = prices alone count. */
  readonly carbon: CarbonRates | null
}

/** What a launch goes by beside its request. */
export interface Known {
  /** Servers of the fleet. */
  readonly fleet: readonly Instance[]
  /** It may have been made before: then it makes the same calls, whatever has been short since. */
  readonly isRepeated: boolean
}

/** One launch under way. */
interface Progress {
  readonly ids: string[]
  /** Why it went no further, or not there: the last word of each placement. */
  readonly short: Map<string, string>
  /** Servers of the fleet by vSwitch. */
  readonly held: Map<string, number>
  /** Calls made for each placement. */
  readonly calls: Map<string, number>
}

/**
 * Buys `request.count` servers where they are to be had. Throws Fault when there is none at all, or when nobody knows: then the same
 * request asks again. What is had of several is a partial success.
 *
 * The same request makes the same calls, also by a controller that has just been started: all that it goes by is the request and the
 * servers that were there before it. What is short is skipped only after its share has been counted, so that it changes no other's.
 * Carbon counts as at the time of the request. With `prefer: price` it goes by the prices of the moment too: when they have changed while
 * an answer was lost and no list shows its servers yet, the others are bought as well. All bear the token, so the next list has them, and
 * what is too many leaves.
 */
export async function launch(
  launcher: Launcher,
  request: LaunchRequest,
  { fleet, isRepeated }: Known,
  signal: AbortSignal,
): Promise<LaunchReceipt> {
  const template = readTemplate(request.template)
  const before = fleet.filter((one) => launchedAt(one) < sequenceOf(request.token))
  const progress = progressOf(template, before)
  const placements = placementsOf(template, before, choiceOf(launcher, before, sequenceOf(request.token)))
  const onDemand = placements.filter(({ spot }) => !spot)
  const buying = { launcher, request, template, progress, signal, skips: !isRepeated }
  const { ids, short } = progress
  let fault = await buy(buying, onDemand, onDemandOf(template, before, request.count))
  fault ??= await buy(buying, placements, request.count - ids.length)
  // What was short lately may have something again, and there is nothing else.
  const skipped = placements.filter((one) => short.get(nameOf(one)) === LATELY)
  if (ids.length === 0) fault ??= await buy({ ...buying, skips: false }, skipped, request.count)
  if (ids.length === request.count) return { token: request.token, ids }
  if (fault?.retry === 'unknown') throw fault
  const why =
    fault?.message ?? `nothing more to be had: ${[...short].map((one) => one.join(': ')).join('; ')}`
  if (ids.length > 0) return { token: request.token, ids, why }
  throw fault ?? new Fault('fleet.launch-failed', why, { source: 'vendor', retry: 'no' })
}

function progressOf({ vSwitches }: EcsTemplate, fleet: readonly Instance[]): Progress {
  const held = new Map(vSwitches.map((id) => [id, fleet.filter(({ vSwitch }) => vSwitch === id).length]))
  return { ids: [], short: new Map(), held, calls: new Map() }
}

interface Buying {
  readonly launcher: Launcher
  readonly request: LaunchRequest
  readonly template: EcsTemplate
  readonly progress: Progress
  readonly signal: AbortSignal
  /** Whether places that were short lately are passed over. */
  readonly skips: boolean
}

/** Buys as many as are to be had, at most `count`; the fault that stops it, or null. */
async function buy(buying: Buying, placements: readonly Placement[], count: number): Promise<Fault | null> {
  const { launcher, progress } = buying
  let left = count
  let open = placements
  while (left > 0 && open.length > 0) {
    const [{ instanceType, spot }] = open as [Placement]
    const zones = open.filter((one) => one.instanceType === instanceType && one.spot === spot)
    const shares = spreadOver(
      zones.map(({ vSwitch }) => progress.held.get(vSwitch) ?? 0),
      left,
    )
    for (const [at, zone] of zones.entries()) {
      const wanted = Math.min(shares[at]!, MOST)
      if (wanted === 0) continue
      if (buying.skips && launcher.shortages.isShort(zone)) {
        progress.short.set(nameOf(zone), LATELY)
        open = open.filter((one) => one !== zone)
        continue
      }
      const outcome = await buyAt(buying, zone, wanted)
      if (!outcome.ok && !movesOn(outcome.fault))
        return faultOf('fleet.launch-failed', `servers cannot be launched in ${nameOf(zone)}`, outcome.fault)
      const got = outcome.ok ? outcome.value.length : 0
      left -= got
      if (got === wanted) continue
      launcher.shortages.note(zone)
      progress.short.set(nameOf(zone), outcome.ok ? `only ${got} of ${wanted}` : outcome.fault.code)
      open = open.filter((one) => one !== zone)
    }
  }
  return null
}

async function buyAt(
  { launcher, request, template, progress, signal }: Buying,
  placement: Placement,
  wanted: number,
): Promise<Outcome<readonly string[]>> {
  const name = nameOf(placement)
  const nth = progress.calls.get(name) ?? 0
  progress.calls.set(name, nth + 1)
  const outcome = await launcher.call(
    {
      product: 'ecs',
      action: 'RunInstances',
      query: {
        ...parametersOf(launcher, request, template, placement),
        Amount: wanted,
        MinAmount: 1,
        ClientToken: clientToken(request.token, numberOf(template, placement, nth)),
      },
      read: (answer) => answer.inside('InstanceIdSets').texts('InstanceIdSet'),
    },
    signal,
  )
  if (outcome.ok) {
    progress.ids.push(...outcome.value)
    progress.held.set(placement.vSwitch, (progress.held.get(placement.vSwitch) ?? 0) + outcome.value.length)
  }
  return outcome
}

/** What the cloud knows a call by. The request's own token may fill it. */
function clientToken(token: string, number: number): string {
  if (number === 0) return token
  const whole = `${token}-${number + 1}`
  return whole.length <= LONGEST_TOKEN ? whole : `${hash64(token)}-${number + 1}`
}

/** A launch there, but for its amount. */
export function parametersOf(
  { region, installation, startupMs }: Pick<Launcher, 'region' | 'installation' | 'startupMs'>,
  { token, fleet, revision }: LaunchRequest,
  template: EcsTemplate,
  { vSwitch, instanceType, spot }: Placement,
): Parameters {
  const own = { installation, fleet, token, revision }
  const tags = [
    ...Object.entries(template.tags),
    ...Object.entries(own).map(([name, value]) => [TAGS[name as keyof typeof own], value] as const),
  ]
  return {
    RegionId: region,
    VSwitchId: vSwitch,
    InstanceType: instanceType || undefined,
    ImageId: template.image || undefined,
    SecurityGroupIds: template.securityGroups,
    LaunchTemplateId: template.launchTemplate?.id,
    LaunchTemplateVersion: template.launchTemplate?.version || undefined,
    InstanceName: template.name || fleet,
    UserData: template.userData === '' ? undefined : Buffer.from(template.userData).toString('base64'),
    KeyPairName: template.keyPair || undefined,
    RamRoleName: template.ramRole || undefined,
    SystemDisk:
      template.disk === null ? undefined : { Category: template.disk.category, Size: template.disk.gib },
    AutoReleaseTime: releaseTime(token, startupMs),
    SpotStrategy: spot ? spotStrategy(template) : undefined,
    PrivatePoolOptions: spot ? undefined : privatePool(template),
    SpotPriceLimit: spot ? (template.spot?.priceLimit ?? undefined) : undefined,
    Tag: tags.map(([Key, Value]) => ({ Key, Value })),
  }
}

/** The cloud sells no spot servers out of a private pool. */
function privatePool({ privatePool: pool }: EcsTemplate): Parameters | undefined {
  if (pool === '') return undefined
  return pool === 'open' ? { MatchCriteria: 'Open' } : { MatchCriteria: 'Target', Id: pool }
}

function spotStrategy({ spot }: EcsTemplate): string {
  return spot?.priceLimit === null ? 'SpotAsPriceGo' : 'SpotWithPriceLimit'
}

/** A server that nobody finished launching deletes itself. Counted from the time in the token, so that a repeated request is the same. */
function releaseTime(token: string, startupMs: Millis): string {
  const at = sequenceOf(token) + Math.max(LEAST_RELEASE_MS, 3 * startupMs)
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
