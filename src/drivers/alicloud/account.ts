import { homedir } from 'node:os'
import type { Host } from '../../core/time.ts'
import type { AccountConfig, CredentialsConfig } from './account-keys.ts'
import { type CallCloud, openClient } from './client/client.ts'
import { chainOf, firstOf, keepCredentials, usualSources } from './client/credentials/chain.ts'
import type { CredentialSource, Surroundings } from './client/credentials/credentials.ts'
import { fromEcsRole } from './client/credentials/metadata.ts'
import { fromProfile } from './client/credentials/profile.ts'
import { fromRole } from './client/credentials/role.ts'
import { nonceFrom } from './client/nonce.ts'
import type { Where } from './client/rpc.ts'
import { nodeTransport, type Transport } from './client/transport.ts'

export interface Account {
  readonly call: CallCloud
  /** Where the keys are found now. Throws when they are nowhere. */
  credentialSource(signal: AbortSignal): Promise<string>
  close(): void
}

/** Reaches nobody yet. */
export function openAccount(
  { region, endpoint, credentials }: AccountConfig,
  { clock, rng }: Pick<Host, 'clock' | 'rng'>,
  transport: Transport = nodeTransport,
): Account {
  const where = { region, endpoint }
  const surroundings = surroundingsOf({ clock, rng }, transport)
  const sources = sourcesOf(credentials, surroundings, where)
  const keeper = keepCredentials(sources, clock)
  return {
    call: openClient({ where, credentials: keeper, transport, clock, rng }),
    credentialSource: async (signal) => (await firstOf(sources, signal)).source.name,
    close: () => keeper.close(),
  }
}

/** This machine and whoever runs it. */
export function surroundingsOf(
  { clock, rng }: Pick<Host, 'clock' | 'rng'>,
  transport: Transport,
): Surroundings {
  return { env: process.env, home: homedir(), clock, transport, nonce: () => nonceFrom(rng) }
}

/** In the order in which they are asked. */
export function sourcesOf(
  config: CredentialsConfig,
  surroundings: Surroundings,
  where: Where,
): readonly CredentialSource[] {
  const sources = placesOf(config, surroundings, where)
  const { role, externalId } = config
  if (role === null) return sources
  return [
    fromRole(surroundings, chainOf(sources), { arn: role, externalId, session: null, seconds: null }, where),
  ]
}

function placesOf(
  { profile, ecsRole }: CredentialsConfig,
  surroundings: Surroundings,
  where: Where,
): readonly CredentialSource[] {
  if (ecsRole !== null) return [fromEcsRole(surroundings, ecsRole)]
  if (profile === null) return usualSources(surroundings, where)
  const env = { ...surroundings.env, ALIBABA_CLOUD_PROFILE: profile }
  return [fromProfile({ ...surroundings, env }, where)]
}
