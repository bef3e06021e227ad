import { readFile } from 'node:fs/promises'
import { within } from '../../../../core/within.ts'
import { readAnswer } from '../answer.ts'
import type { Parameters } from '../parameters.ts'
import { rpcRequest, type Where } from '../rpc.ts'
import type { Signer } from '../signature.ts'
import { type CredentialSource, type Credentials, credentialsFrom, type Surroundings } from './credentials.ts'

const TIMEOUT_MS = 10_000
const SECONDS = 3_600
/** How the cloud's audit trail names what is done in the role. */
const SESSION = 'tidegate'

export interface Role {
  readonly arn: string
  readonly session: string | null
  readonly seconds: number | null
  readonly externalId: string | null
}

/** Takes a role with the credentials of another source. */
export function fromRole(
  surroundings: Surroundings,
  base: CredentialSource,
  role: Role,
  where: Where,
): CredentialSource {
  return {
    name: `the role ${role.arn} by ${base.name}`,
    async load(signal) {
      const signer = await base.load(signal)
      if (signer === null) throw new Error(`${base.name} has no credentials to take the role with`)
      const form = { ...parametersOf(role), ExternalId: role.externalId ?? undefined }
      return assume(surroundings, { action: 'AssumeRole', form, signer, where }, signal)
    },
  }
}

export interface OidcRole extends Role {
  readonly providerArn: string
  /** Read for each call: Kubernetes renews it. */
  readonly tokenFile: string
}

/** Takes a role with a token of an OpenID Connect provider, as a pod of ACK has one (RRSA). */
export function fromOidc(surroundings: Surroundings, role: OidcRole, where: Where): CredentialSource {
  return {
    name: `the role ${role.arn} by OpenID Connect`,
    async load(signal) {
      const token = (await readFile(role.tokenFile, 'utf8')).trim()
      const form = { ...parametersOf(role), OIDCProviderArn: role.providerArn, OIDCToken: token }
      return assume(surroundings, { action: 'AssumeRoleWithOIDC', form, signer: null, where }, signal)
    },
  }
}

/** The same from the variables that ACK sets in a pod. */
export function fromOidcEnvironment(surroundings: Surroundings, where: Where): CredentialSource {
  const { env } = surroundings
  return {
    name: 'OpenID Connect',
    async load(signal) {
      const arn = env.ALIBABA_CLOUD_ROLE_ARN ?? ''
      const providerArn = env.ALIBABA_CLOUD_OIDC_PROVIDER_ARN ?? ''
      const tokenFile = env.ALIBABA_CLOUD_OIDC_TOKEN_FILE ?? ''
      // The role alone is also set for other ways of taking it.
      if (providerArn === '' || tokenFile === '' || arn === '') return null
      const session = env.ALIBABA_CLOUD_ROLE_SESSION_NAME || null
      const role = { arn, providerArn, tokenFile, session, seconds: null, externalId: null }
      return fromOidc(surroundings, role, where).load(signal)
    },
  }
}

function parametersOf(role: Role): Parameters {
  return {
    RoleArn: role.arn,
    RoleSessionName: role.session ?? SESSION,
    DurationSeconds: role.seconds ?? SECONDS,
  }
}

async function assume(
  { clock, transport, nonce }: Surroundings,
  call: {
    readonly action: string
    readonly form: Parameters
    readonly signer: Signer | null
    readonly where: Where
  },
  signal: AbortSignal,
): Promise<Credentials> {
  const operation = { product: 'sts', action: call.action, query: {}, form: call.form } as const
  const attempt = { date: clock.now(), nonce: nonce() }
  const { request, stringToSign } = rpcRequest(operation, call.where, call.signer, attempt)
  const answer = await within(clock, TIMEOUT_MS, signal, (either) => transport(request, either))
  const outcome = readAnswer(answer, stringToSign)
  if (outcome.ok) return credentialsFrom(outcome.value.inside('Credentials'))
  const { code, message, requestId } = outcome.fault
  throw new Error(`${code}: ${message} (request ${requestId ?? 'without id'})`)
}
