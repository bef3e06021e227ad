import { messageOf } from '../../../../core/fault.ts'
import type { Clock, Millis } from '../../../../core/time.ts'
import type { Where } from '../rpc.ts'
import { fromAddress } from './address.ts'
import type { CredentialSource, Credentials, Surroundings } from './credentials.ts'
import { fromEnvironment } from './environment.ts'
import { fromEcsRole } from './metadata.ts'
import { fromProfile } from './profile.ts'
import { fromOidcEnvironment } from './role.ts'

/** How long before their end credentials are asked for again, or a third of their life when that is shorter. */
const EARLY_MS = 15 * 60_000
/** After a failure, and while the old ones still serve. */
const AGAIN_MS = 30_000

/** Whoever signs asks here each time. */
export interface CredentialKeeper {
  /** Throws when no source has any; the message names each one that was asked, and no secret. */
  get(): Promise<Credentials>
  /** The cloud has refused these: they are not to be used again. */
  refused(credentials: Credentials): void
  /** Requests under way fail. */
  close(): void
}

/** What was set for this process, then what its user has, then what the machine has. */
export function usualSources(surroundings: Surroundings, where: Where): readonly CredentialSource[] {
  return [
    fromEnvironment(surroundings),
    fromOidcEnvironment(surroundings, where),
    fromAddress(surroundings),
    fromProfile(surroundings, where),
    fromEcsRole(surroundings, null),
  ]
}

/** Several as one: the first that has any. */
export function chainOf(sources: readonly CredentialSource[]): CredentialSource {
  return {
    name: sources.map(({ name }) => name).join(', '),
    load: async (signal) => (await firstOf(sources, signal)).credentials,
  }
}

interface Held {
  readonly credentials: Credentials
  readonly refreshAt: Millis
}

/** Asks the sources in their order, from the first each time, so that one failure binds it to nothing. Callers share one question. */
export function keepCredentials(sources: readonly CredentialSource[], clock: Clock): CredentialKeeper {
  const closed = new AbortController()
  let held: Held | null = null
  let asking: Promise<Held> | null = null
  const ask = async (): Promise<Held> => {
    try {
      const { credentials } = await firstOf(sources, closed.signal)
      return { credentials, refreshAt: refreshAt(credentials, clock.now()) }
    } catch (error) {
      if (held === null || hasEnded(held.credentials, clock.now())) throw error
      return { ...held, refreshAt: clock.now() + AGAIN_MS }
    }
  }
  return {
    async get() {
      if (held !== null && clock.now() < held.refreshAt) return held.credentials
      asking ??= ask().finally(() => {
        asking = null
      })
      held = await asking
      return held.credentials
    },
    refused(credentials) {
      if (held?.credentials === credentials) held = null
    },
    close: () => closed.abort(new Error('the client is closed')),
  }
}

/** The first source that has any, and what it has. */
export async function firstOf(
  sources: readonly CredentialSource[],
  signal: AbortSignal,
): Promise<{ readonly source: CredentialSource; readonly credentials: Credentials }> {
  for (const source of sources) {
    const credentials = await load(source, signal)
    if (credentials !== null) return { source, credentials }
  }
  throw new Error(
    `no credentials for Alibaba Cloud: nothing in ${sources.map(({ name }) => name).join(', ')}`,
  )
}

async function load(source: CredentialSource, signal: AbortSignal): Promise<Credentials | null> {
  try {
    return await source.load(signal)
  } catch (error) {
    throw new Error(`no credentials for Alibaba Cloud from ${source.name}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function refreshAt({ expiresAt }: Credentials, now: Millis): Millis {
  return expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - Math.min(EARLY_MS, (expiresAt - now) / 3)
}

function hasEnded({ expiresAt }: Credentials, now: Millis): boolean {
  return expiresAt !== null && now >= expiresAt
}
