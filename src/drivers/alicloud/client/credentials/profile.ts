import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fields } from '../fields.ts'
import type { Where } from '../rpc.ts'
import { Secret } from '../secret.ts'
import { type CredentialSource, type Credentials, fieldsIn, type Surroundings } from './credentials.ts'
import { fromEcsRole } from './metadata.ts'
import { fromOidc, fromRole, type Role } from './role.ts'

/** Profiles that take a role by another's credentials, one behind the other. More are a circle. */
const MAX_DEPTH = 5

/** A profile of the cloud's own command line, `aliyun configure`: the one that ALIBABA_CLOUD_PROFILE names, or the current one. The file
 *  is read each time, so that new keys are found. */
export function fromProfile(surroundings: Surroundings, where: Where): CredentialSource {
  const path = join(surroundings.home, '.aliyun', 'config.json')
  return {
    name: path,
    async load(signal) {
      const wanted = surroundings.env.ALIBABA_CLOUD_PROFILE ?? ''
      const file = await read(path)
      if (file === null && wanted === '') return null
      if (file === null) throw new Error(`there is no such file, and so no profile ${wanted}`)
      const profiles = file.list('profiles')
      const name = wanted === '' ? file.text('current') : wanted
      return profileSource(surroundings, { profiles, name, where, depth: 1 }).load(signal)
    },
  }
}

async function read(path: string): Promise<Fields | null> {
  try {
    return fieldsIn(await readFile(path, 'utf8'), 'the file')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

interface Choice {
  readonly profiles: readonly Fields[]
  readonly name: string
  readonly where: Where
  readonly depth: number
}

function profileSource(surroundings: Surroundings, choice: Choice): CredentialSource {
  const { profiles, name, depth } = choice
  const profile = profiles.find((one) => optional(one, 'name') === name)
  if (profile === undefined) throw new Error(`there is no profile ${name}`)
  if (depth > MAX_DEPTH)
    throw new Error(`the profiles behind ${name} go in a circle, or are more than ${MAX_DEPTH}`)
  const where = stsOf(profile, choice.where)
  const mode = profile.text('mode')
  switch (mode) {
    case 'AK':
    case 'StsToken':
      return fixed(`profile ${name}`, keysOf(profile, mode === 'StsToken'))
    case 'RamRoleArn':
      return fromRole(surroundings, fixed(`profile ${name}`, keysOf(profile, false)), roleOf(profile), where)
    case 'ChainableRamRoleArn': {
      const source = profileSource(surroundings, {
        ...choice,
        name: profile.text('source_profile'),
        depth: depth + 1,
      })
      return fromRole(surroundings, source, roleOf(profile), where)
    }
    case 'EcsRamRole':
      return fromEcsRole(surroundings, optional(profile, 'ram_role_name'))
    case 'OIDC': {
      const providerArn = profile.text('oidc_provider_arn')
      const tokenFile = profile.text('oidc_token_file')
      return fromOidc(surroundings, { ...roleOf(profile), providerArn, tokenFile }, where)
    }
    default:
      throw new Error(
        `profile ${name} has the mode ${mode}, which needs a person; choose one with keys or a role`,
      )
  }
}

function fixed(name: string, credentials: Credentials): CredentialSource {
  return { name, load: async () => credentials }
}

function keysOf(profile: Fields, withToken: boolean): Credentials {
  return {
    accessKeyId: profile.text('access_key_id'),
    accessKeySecret: new Secret(profile.text('access_key_secret')),
    securityToken: withToken ? new Secret(profile.text('sts_token')) : null,
    expiresAt: null,
  }
}

function roleOf(profile: Fields): Role {
  const seconds = profile.has('expired_seconds') ? profile.number('expired_seconds') : 0
  return {
    arn: profile.text('ram_role_arn'),
    session: optional(profile, 'ram_session_name'),
    // The command line writes 0 where nothing is set.
    seconds: seconds === 0 ? null : seconds,
    externalId: optional(profile, 'external_id'),
  }
}

function stsOf(profile: Fields, where: Where): Where {
  return { ...where, region: optional(profile, 'sts_region') ?? where.region }
}

/** The command line writes an empty text where nothing is set. */
function optional(profile: Fields, name: string): string | null {
  const text = profile.has(name) ? profile.text(name) : ''
  return text === '' ? null : text
}
