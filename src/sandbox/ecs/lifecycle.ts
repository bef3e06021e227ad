import type { Call, Done } from '../operation.ts'
import { invalid, Refusal } from '../refusal.ts'
import { isConfigured } from '../slb/leaving.ts'
import { planned, type World } from '../world.ts'
import { autoReleaseAt } from './auto-release.ts'
import { released, restocked, starting, withEcs, withInstance } from './instances.ts'
import type { Instance } from './state.ts'
import { tagsOf } from './tags.ts'

const MAX_IDS = 100
const MAX_TAGGED = 50

/** Of any region where the operation has none. */
function named({ world, account, region }: Call, ids: readonly string[], most: number): readonly Instance[] {
  if (ids.length > most) throw invalid('InstanceId')
  return ids.map((id) => {
    const instance = world.ecs.instances.get(id)
    const isElsewhere = region !== '' && instance?.region !== region
    if (instance === undefined || instance.account !== account || isElsewhere)
      throw new Refusal('InvalidInstanceId.NotFound', 'The specified InstanceId does not exist.', 404)
    return instance
  })
}

function wrongStatus(how = ''): Refusal {
  return new Refusal(
    `IncorrectInstanceStatus${how}`,
    'The current status of the resource does not support this operation.',
    403,
  )
}

/** All or none. */
export function deleteInstances(call: Call): Done {
  return deleted(call, named(call, call.given.texts('InstanceId'), MAX_IDS))
}

export function deleteInstance(call: Call): Done {
  return deleted(call, named(call, [call.given.text('InstanceId')], 1))
}

function deleted(call: Call, doomed: readonly Instance[]): Done {
  const { given, now } = call
  const isForced = given.flag('Force')
  for (const { id, status, deletionProtection } of doomed) {
    if (isConfigured(call.world, id, now))
      throw new Refusal(
        'DependencyViolation.SLBConfiguring',
        'The specified instance is being configured in a load balancer; please try again later.',
        403,
      )
    if (deletionProtection)
      throw new Refusal(
        'InvalidOperation.DeletionProtection',
        'The operation is not allowed due to deletion protection.',
        403,
      )
    if (status === 'Pending') throw wrongStatus('.Initializing')
    if (status !== 'Stopped' && !isForced) throw wrongStatus()
  }
  const world = doomed.reduce((after, one) => released(after, one, now, 'DeleteInstances'), call.world)
  return { world, body: {} }
}

export function stopInstances(call: Call): Done {
  const { given, now } = call
  const stopCharging = given.text('StoppedMode') === 'StopCharging'
  return each(call, 'Stopped', (world, instance) => {
    if (instance.status !== 'Running') throw wrongStatus()
    const next = withInstance(world, { ...instance, status: 'Stopping', stopCharging })
    return planned(next, { at: now + world.delays.stoppingMs, kind: 'ecs.stopped', id: instance.id })
  })
}

/** One that cost nothing while it was stopped has given its place away, and may find none. */
export function startInstances(call: Call): Done {
  return each(call, 'Running', (world, instance) => {
    if (instance.status !== 'Stopped') throw wrongStatus()
    if (!instance.stopCharging) return starting(world, instance, call.now)
    if ((world.ecs.stock.get(`${instance.zone} ${instance.type}`) ?? 1) < 1)
      throw new Refusal('OperationDenied.NoStock', 'The resource is out of stock in the specified zone.', 403)
    const stock = restocked(world.ecs.stock, instance, -1)
    return starting(withEcs(world, { stock }), instance, call.now)
  })
}

/** All or none, or those that can (`BatchOptimization=SuccessFirst`), each with its own outcome. */
function each(call: Call, to: string, change: (world: World, instance: Instance) => World): Done {
  const isTolerant = call.given.text('BatchOptimization') === 'SuccessFirst'
  let { world } = call
  const outcomes = named(call, call.given.texts('InstanceId'), MAX_IDS).map((instance) => {
    const outcome = { InstanceId: instance.id, PreviousStatus: instance.status }
    try {
      world = change(world, instance)
      const { status } = world.ecs.instances.get(instance.id)!
      return { ...outcome, CurrentStatus: status, Code: '200', Message: `going to ${to}` }
    } catch (error) {
      if (!(error instanceof Refusal) || !isTolerant) throw error
      return { ...outcome, CurrentStatus: instance.status, Code: String(error.status), Message: error.code }
    }
  })
  return { world, body: { InstanceResponses: { InstanceResponse: outcomes } } }
}

/** An empty time takes the release back. */
export function modifyInstanceAutoReleaseTime(call: Call): Done {
  const { given, now } = call
  const [instance] = named(call, [given.text('InstanceId')], 1) as [Instance]
  const at = given.has('AutoReleaseTime') ? autoReleaseAt(given.text('AutoReleaseTime'), now) : null
  const world = withInstance(call.world, { ...instance, autoReleaseAt: at })
  return {
    world: at === null ? world : planned(world, { at, kind: 'ecs.auto-release', id: instance.id }),
    body: {},
  }
}

export function tagResources(call: Call): Done {
  const tags = tagsOf(call.given)
  const all = named(call, call.given.texts('ResourceId'), MAX_TAGGED)
  const add = (world: World, instance: Instance) =>
    withInstance(world, { ...instance, tags: { ...instance.tags, ...tags } })
  return { world: all.reduce(add, call.world), body: {} }
}

export function untagResources(call: Call): Done {
  const gone = call.given.texts('TagKey')
  const all = named(call, call.given.texts('ResourceId'), MAX_TAGGED)
  const strip = (world: World, instance: Instance) => {
    const tags = Object.fromEntries(Object.entries(instance.tags).filter(([key]) => !gone.includes(key)))
    return withInstance(world, { ...instance, tags })
  }
  return { world: all.reduce(strip, call.world), body: {} }
}
