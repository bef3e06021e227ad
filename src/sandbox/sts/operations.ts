import type { Call, Done, Operations } from '../operation.ts'

/** Whoever calls: a user of RAM, or a role where the key has a security token. */
function getCallerIdentity({ world, account, key }: Call): Done {
  const isRole = key.securityToken !== undefined
  const identity = isRole
    ? { IdentityType: 'AssumedRoleUser', Arn: `acs:ram::${account}:assumed-role/${key.id}/sandbox` }
    : { IdentityType: 'RAMUser', Arn: `acs:ram::${account}:user/${key.id}` }
  return { world, body: { ...identity, AccountId: account, PrincipalId: key.id } }
}

/** https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity: it needs no permission. */
export const STS: Operations = { GetCallerIdentity: { parameters: {}, run: getCallerIdentity } }
