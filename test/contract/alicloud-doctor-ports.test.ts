import { beforeEach, expect, test } from 'vitest'
import { withEcs } from '../../src/sandbox/ecs/instances.ts'
import { untranslated } from '../kit/chinese.ts'
import { Cloud } from '../kit/cloud.ts'
import { bad, examined, healthy, lineOf } from '../kit/doctor.ts'
import { sandboxKeys } from '../kit/ecs.ts'

const never = new AbortController().signal

beforeEach(sandboxKeys)

test('opens what is closed to the networks of the fleet, and no further', async () => {
  const cloud = new Cloud()
  const { repairs } = await examined(cloud)
  expect(repairs.map(({ says }) => says)).toEqual([
    'open tcp 8081 (checks of pool api) of sg-sandbox to 127.10.0.0/24, 127.10.1.0/24, 127.10.2.0/24',
  ])
  await cloud.until(repairs[0]!.run(never))
  expect(cloud.world.ecs.securityGroups[0]!.rules.map(({ ports, source }) => `${ports} ${source}`)).toEqual([
    '80/80 0.0.0.0/0',
    '8081/8081 127.10.0.0/24',
    '8081/8081 127.10.1.0/24',
    '8081/8081 127.10.2.0/24',
  ])
  expect((await examined(cloud)).repairs).toEqual([])
})

/** A server of its own group, in the VPC of the others. */
function aMachine(cloud: Cloud, groups: readonly string[]): string {
  const own = { id: 'sg-gateway', vpc: 'vpc-sandbox', rules: [] }
  cloud.world = withEcs(cloud.world, { securityGroups: [...cloud.world.ecs.securityGroups, own] })
  const { InstanceIdSets } = cloud.ask('ecs', 'RunInstances', {
    ImageId: 'sandbox-image',
    InstanceType: 'ecs.g7.large',
    VSwitchId: 'vsw-sandbox-h',
    SecurityGroupIds: groups,
  })
  return InstanceIdSets.InstanceIdSet[0]
}

test('of the ECS server on which it runs it opens the ports of listeners, and those of servers to it alone', async () => {
  const cloud = new Cloud()
  const machine = aMachine(cloud, ['sg-gateway'])
  await cloud.advance(60_000)
  const { findings, repairs } = await examined(cloud, {}, { machine })
  const said = bad(findings).map(lineOf)
  expect(said).toEqual([
    'problem security-groups sg-sandbox: tcp 8081 (checks of pool api) is closed; `tidegate doctor alicloud --open-ports` opens it',
    `problem this-machine ${machine}: tcp 443 (listener web) is closed; \`tidegate doctor alicloud --open-ports\` opens it to anywhere, a rule of your own to fewer`,
  ])
  expect(repairs.map(({ says }) => says)).toEqual([
    'open tcp 8081 (checks of pool api) of sg-sandbox to 127.10.0.1/32',
    'open tcp 443 (listener web) of sg-gateway to 0.0.0.0/0',
  ])
  const told = [...bad(findings).flatMap(({ says, fix }) => [says, fix!]), ...repairs.map(({ says }) => says)]
  expect(untranslated(told)).toEqual([])
  for (const { run } of repairs) await cloud.until(run(never))
  expect(bad((await examined(cloud, {}, { machine })).findings)).toEqual([])
})

test('a machine of the group of its servers is let in by the group', async () => {
  const cloud = new Cloud()
  const machine = aMachine(cloud, ['sg-gateway', 'sg-sandbox'])
  await cloud.advance(60_000)
  const { findings } = await examined(cloud, {}, { machine })
  expect(findings.map(({ says }) => says)).toContain(
    'sg-sandbox: tcp 8081 (checks of pool api) is open to this machine, a member of sg-sandbox',
  )
})

test('a machine that is not of the account is none', async () => {
  const { findings } = await examined(healthy(), {}, { machine: 'i-elsewhere' })
  expect(bad(findings)).toEqual([])
})
