import type { Finding } from '../../../core/finding.ts'
import { readTemplate, templateOf } from '../ecs/config.ts'
import type { Instance } from '../ecs/instances.ts'
import { parametersOf } from '../ecs/launch.ts'
import { movesOn } from '../ecs/moves-on.ts'
import { NO_CHOICE, nameOf, type Placement, placementsOf } from '../ecs/placements.ts'
import { saidBy } from '../faults.ts'
import { fixOf, type Look, unanswered } from './look.ts'

const ABOUT = 'permissions'
/** How the cloud refuses what it would have done. */
const WOULD = new Set(['DryRunOperation', 'DRYRUN.SUCCESS'])
/** A place more asks little that the others have not. */
const MOST_TRIED = 10

/** Launches as they would be made, each place and type once, for show only. */
export async function tryLaunches(look: Look): Promise<readonly Finding[]> {
  const template = readTemplate(templateOf(look.config))
  const all = placementsOf(template, [], NO_CHOICE).slice(0, MOST_TRIED)
  const refused = new Map<string, Finding>()
  for (const place of all) {
    const finding = await tryLaunch(look, place)
    if (finding !== null) refused.set(`${finding.fix}`, refused.get(`${finding.fix}`) ?? finding)
  }
  if (refused.size > 0) return [...refused.values()]
  return [
    { level: 'ok', about: ABOUT, says: `a launch would be allowed; tried without buying: ${all.length}` },
  ]
}

/** null = it would be done, or is short of what is told elsewhere. */
async function tryLaunch(look: Look, place: Placement): Promise<Finding | null> {
  const { config, patient, installation, now, call, signal } = look
  const { fleet, startupMs } = patient
  const template = templateOf(config)
  const request = { token: `${installation}.${fleet}.${now}`, fleet, count: 1, revision: 'doctor', template }
  const launcher = { region: config.region, installation, startupMs }
  const query = parametersOf(launcher, request, readTemplate(template), place)
  const outcome = await call(
    {
      product: 'ecs',
      action: 'RunInstances',
      query: { ...query, Amount: 1, DryRun: true },
      read: () => null,
    },
    signal,
  )
  if (outcome.ok || WOULD.has(outcome.fault.code) || movesOn(outcome.fault)) return null
  if (outcome.fault.kind !== 'refused') return unanswered(ABOUT, outcome.fault)
  return {
    level: 'problem',
    about: ABOUT,
    says: `a launch would be refused in ${nameOf(place)}: ${saidBy(outcome.fault)}`,
    fix: fixOf(outcome.fault),
  }
}

/** A deletion for show. It leaves `Force` out, so that even a cloud that knows no dry run would not delete a server that runs. */
export async function tryDeletion(look: Look, own: readonly Instance[]): Promise<readonly Finding[]> {
  const running = own.find(({ status }) => status === 'Running')
  if (running === undefined) return []
  const query = { RegionId: look.config.region, InstanceId: [running.id], DryRun: true }
  const outcome = await look.call(
    { product: 'ecs', action: 'DeleteInstances', query, read: () => null },
    look.signal,
  )
  if (outcome.ok || WOULD.has(outcome.fault.code) || outcome.fault.code === 'IncorrectInstanceStatus')
    return [
      { level: 'ok', about: ABOUT, says: `a deletion would be allowed; tried on ${running.id}, which stays` },
    ]
  return [unanswered(ABOUT, outcome.fault)]
}
