import type { Server } from '../../../core/fleet.ts'
import { lastingSince } from '../../../core/lasting.ts'
import { sequenceOf } from '../../../core/step.ts'
import type { Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import type { Fields } from '../client/fields.ts'
import { TAGS } from './tags.ts'

const PAGE = 100
/** A list that never ends is a defect of the cloud's; 100 a page. */
const MOST_PAGES = 1000

/** One instance of this installation. */
export interface Instance {
  readonly id: string
  readonly fleet: string
  readonly token: string
  readonly revision: string
  readonly status: string
  readonly zone: string
  readonly vSwitch: string
  readonly instanceType: string
  readonly ip: string | null
  readonly isSpot: boolean
  readonly createdAt: Millis
  /** Why the cloud is about to take it, or has locked it; '' = it does neither. */
  readonly locked: string
}

/** Of whom a list is asked for. */
interface Asked {
  readonly region: string
  readonly installation: string
  /** null = all. */
  readonly fleet: string | null
  /** Those of an earlier list: they stand for what has not changed. */
  readonly before: readonly Instance[]
}

/** All that bear this installation's tag in the region, or those of one fleet, page by page. */
export async function listInstances(
  call: CallCloud,
  { region, installation, fleet, before }: Asked,
  signal: AbortSignal,
): Promise<Outcome<readonly Instance[]>> {
  const [lasting, once] = [lastingSince(before), eachOnce()]
  const own = { Key: TAGS.installation, Value: installation }
  const Tag = fleet === null ? [own] : [own, { Key: TAGS.fleet, Value: fleet }]
  const all: Instance[] = []
  let token: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const outcome = await call(
      {
        product: 'ecs',
        action: 'DescribeInstances',
        query: {
          RegionId: region,
          Tag,
          MaxResults: PAGE,
          NextToken: token,
        },
        read: (answer) => ({
          instances: answer
            .inside('Instances')
            .list('Instance')
            .map((fields) => lasting(instanceOf(fields, once))),
          next: answer.has('NextToken') ? answer.text('NextToken') : '',
        }),
      },
      signal,
    )
    if (!outcome.ok) return outcome
    all.push(...outcome.value.instances)
    if (outcome.value.next === '') break
    token = outcome.value.next
  }
  return { ok: true, value: all }
}

/** Gives the same text for equal ones: thousands of instances have the same zone, and an answer has it anew for each. */
function eachOnce(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const first = known.get(text) ?? text
    known.set(text, first)
    return first
  }
}

function instanceOf(fields: Fields, once: (text: string) => string): Instance {
  const tags = tagsOf(fields)
  const vpc = fields.inside('VpcAttributes')
  const [ip = null] = vpc.inside('PrivateIpAddress').texts('IpAddress')
  return {
    id: fields.text('InstanceId'),
    fleet: once(tags.get(TAGS.fleet) ?? ''),
    token: once(tags.get(TAGS.token) ?? ''),
    revision: once(tags.get(TAGS.revision) ?? ''),
    status: once(fields.text('Status')),
    zone: once(fields.text('ZoneId')),
    vSwitch: once(vpc.text('VSwitchId')),
    instanceType: once(fields.text('InstanceType')),
    ip,
    isSpot: fields.has('SpotStrategy') && fields.text('SpotStrategy') !== 'NoSpot',
    createdAt: Date.parse(fields.text('CreationTime')) || 0,
    locked: lockOf(fields),
  }
}

function tagsOf(fields: Fields): ReadonlyMap<string, string> {
  const tags = fields.has('Tags') ? fields.inside('Tags').list('Tag') : []
  return new Map(tags.map((tag) => [tag.text('TagKey'), tag.text('TagValue')]))
}

function lockOf(fields: Fields): string {
  if (!fields.has('OperationLocks')) return ''
  const [first] = fields.inside('OperationLocks').list('LockReason')
  // Written `Recycling` here and `recycling` there.
  return first === undefined ? '' : first.text('LockReason').toLowerCase()
}

/** What is known of an instance beside the list; null = nothing. */
export interface Besides {
  readonly price: number | null
  /** The event that the cloud has planned for it. */
  readonly event: string | null
  /** A launch has only just started it. */
  readonly isWaking: boolean
}

/** A server as the controller knows it. */
export function serverOf(instance: Instance, port: number, { price, event, isWaking }: Besides): Server {
  const { id, token, ip, status, locked, zone, instanceType: type, isSpot: spot } = instance
  const notice = locked === '' ? event : locked
  const server = {
    id,
    token,
    zone,
    type,
    spot,
    ...(price !== null && { price }),
    ...(notice !== null && { notice: `the cloud has given notice: ${notice}` }),
    address: ip === null ? null : `${ip}:${port}`,
    revision: instance.revision,
    launchedAt: launchedAt(instance),
  }
  switch (status) {
    case 'Pending':
    case 'Starting':
      return { ...server, phase: 'launching' }
    case 'Running':
      return { ...server, phase: 'running' }
    case 'Stopping':
      return { ...server, phase: 'retiring' }
    default:
      if (isWaking) return { ...server, phase: 'launching' }
      return { ...server, phase: 'failed', detail: `its status is ${status}` }
  }
}

/** The cloud's own time has no seconds; a token ends with that of its launch, in ms. */
export function launchedAt({ token, createdAt }: Instance): Millis {
  const at = sequenceOf(token)
  return Number.isInteger(at) && at > createdAt - 60_000 ? at : createdAt
}
