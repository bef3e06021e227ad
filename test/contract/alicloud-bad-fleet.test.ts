import { beforeEach, expect, test } from 'vitest'
import { Cloud } from '../kit/cloud.ts'
import { openFleet, requestOf, sandboxKeys, troubled } from '../kit/ecs.ts'
import { refusal } from '../kit/refusal.ts'

/** What a wrong file or account meets: the cloud's code, the request's id, what it means and what to do. */
const never = new AbortController().signal
beforeEach(sandboxKeys)

const launched = (cloud: Cloud, over: Record<string, unknown> = {}) =>
  refusal(() => openFleet(cloud, { over }).launch(requestOf(cloud, 1, over), never), 'fleet.launch-failed')

test.each(['Account.Arrearage', 'InvalidAccountStatus.NotEnoughBalance'])(
  'an account that is told %s buys nothing, and its servers are still listed and retired',
  async (code) => {
    const cloud = new Cloud()
    const fleet = openFleet(cloud)
    const { ids } = await fleet.launch(requestOf(cloud, 1), never)
    await cloud.advance(60_000)
    cloud.world = { ...cloud.world, faults: troubled({ kind: 'forbidden', code }).world.faults }
    expect(await launched(cloud)).toMatch(
      new RegExp(
        `^servers cannot be launched in .*: ${code}: Your account .* \\(request \\S+\\); the account has to be topped up$`,
      ),
    )
    expect((await fleet.list(never)).servers).toHaveLength(1)
    await fleet.retire(ids, never)
    expect(cloud.world.ecs.instances.size).toBe(0)
  },
)

test.each([
  ['a security group', { 'security-groups': ['sg-sandbox-2'] }],
  ['a vSwitch', { vswitches: ['vsw-sandbox-2'] }],
])('%s in another VPC', async (_, over) => {
  const cloud = new Cloud()
  expect(await launched(cloud, over)).toMatch(
    /^servers cannot be launched in .*: InvalidParameter\.Conflict: sg-sandbox\S* and vsw-sandbox-\S+ are in different VPCs\. \(request \S+\); the security groups and vSwitches of a fleet have to be of one VPC: `tidegate doctor alicloud` says of which each is$/,
  )
  expect(cloud.world.ecs.instances.size).toBe(0)
})
