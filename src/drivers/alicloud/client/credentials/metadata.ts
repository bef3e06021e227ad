import { within } from '../../../../core/within.ts'
import type { HttpAnswer } from '../answer.ts'
import { type HttpRequest, Unsent } from '../transport.ts'
import { type CredentialSource, credentialsFrom, fieldsIn, type Surroundings } from './credentials.ts'

/** The metadata service of each ECS server. */
const HOST = 'http://100.100.100.200/latest'
const ROLES = `${HOST}/meta-data/ram/security-credentials/`
const TOKEN_SECONDS = '21600'
/** Elsewhere than on an ECS server nobody answers there, and nobody is to wait for that. */
const TIMEOUT_MS = 1_000

/** The RAM role of the ECS server on which this runs. Only by a token (IMDSv2): without one, any request that a visitor can make this
 *  machine send would read the keys. */
export function fromEcsRole(surroundings: Surroundings, role: string | null): CredentialSource {
  const { env } = surroundings
  return {
    name: role === null ? "the ECS server's RAM role" : `the ECS server's RAM role ${role}`,
    async load(signal) {
      if (role === null && isSwitchedOff(env)) return null
      const wanted = role ?? (env.ALIBABA_CLOUD_ECS_METADATA || null)
      const token = await tokenOf(surroundings, signal).catch((error: unknown) => {
        signal.throwIfAborted()
        // Whoever names a role says that this is an ECS server; otherwise it is none, whoever else may have that address.
        if (wanted === null) return null
        throw error
      })
      if (token === null) return null
      const ask = (url: string) => get(surroundings, url, token, signal)
      const name = wanted ?? roleIn(await ask(ROLES))
      if (name === null) return null
      const answer = await ask(`${ROLES}${encodeURIComponent(name)}`)
      if (answer.status !== 200)
        throw new Error(`the metadata service knows no role ${name} (HTTP ${answer.status})`)
      const fields = fieldsIn(answer.text, "the metadata service's answer")
      if (fields.text('Code') !== 'Success') throw new Error(`the role ${name} gives ${fields.text('Code')}`)
      return credentialsFrom(fields)
    },
  }
}

/** The id of the ECS server on which this runs; null = it is none, or nobody tells. */
export async function instanceHere(surroundings: Surroundings, signal: AbortSignal): Promise<string | null> {
  if (isSwitchedOff(surroundings.env)) return null
  try {
    const token = await tokenOf(surroundings, signal)
    const { status, text } = await get(surroundings, `${HOST}/meta-data/instance-id`, token, signal)
    return status === 200 && text.trim() !== '' ? text.trim() : null
  } catch {
    signal.throwIfAborted()
    return null
  }
}

function isSwitchedOff(env: Surroundings['env']): boolean {
  return env.ALIBABA_CLOUD_ECS_METADATA_DISABLED?.toLowerCase() === 'true'
}

/** Null on a server without a role. */
function roleIn({ status, text }: HttpAnswer): string | null {
  if (status === 404) return null
  const name = text.trim()
  if (status === 200 && name !== '') return name
  throw new Error(`the metadata service names no role (HTTP ${status})`)
}

async function tokenOf(surroundings: Surroundings, signal: AbortSignal): Promise<string> {
  const headers = { 'x-aliyun-ecs-metadata-token-ttl-seconds': TOKEN_SECONDS }
  const request = { method: 'PUT', url: `${HOST}/api/token`, headers, body: '' } as const
  try {
    const { status, text } = await send(surroundings, request, signal)
    if (status === 200) return text.trim()
    throw new Error(`the metadata service gives no token (HTTP ${status})`)
  } catch (error) {
    throw error instanceof Unsent ? new Error('the metadata service does not answer') : error
  }
}

function get(
  surroundings: Surroundings,
  url: string,
  token: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = { 'x-aliyun-ecs-metadata-token': token }
  return send(surroundings, { method: 'GET', url, headers, body: '' }, signal)
}

function send(
  { clock, transport }: Surroundings,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return within(clock, TIMEOUT_MS, signal, (either) => transport(request, either))
}
