import { strikes } from '../faults.ts'
import type { Call, Done } from '../operation.ts'
import { planned, type World, withEntry, withId } from '../world.ts'
import { listBody, put, regionOf, selects, withAlb } from './resources.ts'
import type { Job, Kind, Resources, Work } from './state.ts'

/** Older ones are forgotten. */
const MAX_JOBS = 1000

export interface Order<K extends Kind> {
  readonly action: string
  readonly kind: K
  readonly work: Work
}

/** Begins a job on resources as they are while it works. Nobody else may change them before it has ended. */
export function begun<K extends Kind>(
  call: Call,
  order: Order<K>,
  resources: readonly Resources[K][],
): readonly [World, jobId: string] {
  const { action, kind, work } = order
  const { now } = call
  const { albJobMs, albCreatingMs } = call.world.delays
  const takesMs = kind === 'loadbalancer' && work === 'Create' ? albCreatingMs : albJobMs
  const [struck, fault] = strikes(call.world, 'job-fails', { now, operation: `alb ${action}` })
  const [named, id] = withId(struck, 'job-')
  const job: Job = {
    id,
    account: call.account,
    region: regionOf(call),
    action,
    kind,
    resources: resources.map((resource) => resource.id),
    work,
    status: 'Processing',
    createdAt: now,
    modifiedAt: now,
    fails: fault !== null,
  }
  const worked = resources.reduce((after, resource) => put(after, kind, { ...resource, work }), named)
  return [planned(withJob(worked, job), { at: now + takesMs, kind: 'alb.job', id }), id]
}

export function withJob(world: World, job: Job): World {
  const jobs = [...withEntry(world.alb.jobs, job.id, job)].slice(-MAX_JOBS)
  return withAlb(world, { jobs: new Map(jobs) })
}

/** The usual answer of what begins one. */
export function jobDone<K extends Kind>(call: Call, order: Order<K>, resource: Resources[K]): Done {
  const [world, JobId] = begun(call, order, [resource])
  return { world, body: { JobId } }
}

export function listAsynJobs(call: Call): Done {
  const { given, world } = call
  const region = regionOf(call)
  const jobs = [...world.alb.jobs.values()].filter(
    (job) =>
      job.account === call.account &&
      job.region === region &&
      selects(given, 'JobIds', job.id) &&
      (!given.has('ResourceIds') || job.resources.some((id) => selects(given, 'ResourceIds', id))) &&
      (!given.has('ApiName') || given.text('ApiName') === job.action) &&
      (!given.has('ResourceType') || given.text('ResourceType') === job.kind) &&
      job.createdAt >= given.number('BeginTime', 0) &&
      job.createdAt <= given.number('EndTime', Number.POSITIVE_INFINITY),
  )
  return { world, body: listBody(given, 'Jobs', jobs, jobAnswer) }
}

function jobAnswer({ id, action, kind, resources, work, status, createdAt, modifiedAt }: Job) {
  const failure = { ErrorCode: 'InternalError', ErrorMessage: `${action} failed.` }
  return {
    Id: id,
    ApiName: action,
    OperateType: work,
    ResourceType: kind,
    ResourceId: resources[0],
    Status: status,
    CreateTime: createdAt,
    ModifyTime: modifiedAt,
    ...(status === 'Failed' ? failure : {}),
  }
}
