import { expect, test } from 'vitest'
import type { Call } from '../operation.ts'
import { Given } from '../parameters.ts'
import { SAMPLE_KEY, sampleWorld } from '../sample.ts'
import { STS } from './operations.ts'

function identityOf(key: Call['key']) {
  const call = {
    world: sampleWorld(),
    now: 0,
    account: key.account,
    key,
    region: '',
    given: new Given({}, {}),
  }
  return STS.GetCallerIdentity!.run(call).body
}

test('a key is that of a user, with a token that of a role', () => {
  expect(identityOf(SAMPLE_KEY)).toMatchObject({
    IdentityType: 'RAMUser',
    Arn: 'acs:ram::1000000000000001:user/sandbox',
  })
  expect(identityOf({ ...SAMPLE_KEY, securityToken: 't' })).toMatchObject({
    IdentityType: 'AssumedRoleUser',
    Arn: 'acs:ram::1000000000000001:assumed-role/sandbox/sandbox',
  })
})
