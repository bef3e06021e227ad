import type { Finding, NeededPort } from '../../../core/finding.ts'
import { JsonText } from '../client/parameters.ts'
import type { Looked } from './examination.ts'
import { type Group, nameOf, opening, readGroup } from './groups.ts'
import { isAnywhere, sourcesTo } from './ingress.ts'
import { type Here, type Look, unanswered } from './look.ts'

/** null = it is of another account or region. */
export async function readHere({ call, config, signal }: Look, id: string): Promise<Here | null> {
  const outcome = await call(
    {
      product: 'ecs',
      action: 'DescribeInstances',
      query: { RegionId: config.region, InstanceIds: new JsonText([id]) },
      read: (answer): Here | null => {
        const [found] = answer.inside('Instances').list('Instance')
        if (found === undefined) return null
        const [ip = ''] = found.inside('VpcAttributes').inside('PrivateIpAddress').texts('IpAddress')
        return { id, ip, groups: found.inside('SecurityGroupIds').texts('SecurityGroupId') }
      },
    },
    signal,
  )
  return outcome.ok ? outcome.value : null
}

const ABOUT = 'this-machine'

/** Whether clients are let in to the listeners of this machine's gateway, and what would let them in from anywhere. */
export async function lookAtListeners(look: Look, here: Here): Promise<Looked> {
  const groups: Group[] = []
  for (const id of here.groups) {
    const outcome = await readGroup(look, id)
    if (!outcome.ok) return { findings: [unanswered(ABOUT, outcome.fault)], repairs: [] }
    groups.push(outcome.value)
  }
  const looked = look.patient.listeners.map((need) => ({ need, finding: lettingIn(groups, need, here) }))
  const closed = looked.filter(({ finding }) => finding.level !== 'ok')
  const opened = groups.slice(0, 1)
  return {
    findings: looked.map(({ finding }) => finding),
    repairs: opened.flatMap((group) => closed.map(({ need }) => opening(look, group, need, ['0.0.0.0/0']))),
  }
}

function lettingIn(groups: readonly Group[], need: NeededPort, here: Here): Finding {
  const port = need.port ?? 0
  const says = `${here.id}: ${nameOf(need, port)}`
  const rules = groups.flatMap((group) => group.rules)
  const sources = sourcesTo(rules, need, port)
  if (sources.length === 0) {
    const fix = '`tidegate doctor alicloud --open-ports` opens it to anywhere, a rule of your own to fewer'
    return { level: 'problem', about: ABOUT, says: `${says} is closed`, fix }
  }
  const from = sources.some(isAnywhere) ? 'anywhere' : sources.join(', ')
  return { level: 'ok', about: ABOUT, says: `${says} is open to ${from}` }
}
