import { homedir } from 'node:os'
import type { Host } from '../../core/time.ts'
import { type CallCloud, openClient } from './client/client.ts'
import { keepCredentials, usualSources } from './client/credentials/chain.ts'
import { fromProfile } from './client/credentials/profile.ts'
import { nonceFrom } from './client/nonce.ts'
import { nodeTransport, type Transport } from './client/transport.ts'

/** Whose cloud it is, and where. */
export interface AccountConfig {
  readonly region: string
  /** Stands for every product's own; null = those of the region. */
  readonly endpoint: string | null
  /** Of `aliyun configure`; null = the usual places, one after the other. */
  readonly profile: string | null
}

export interface Account {
  readonly call: CallCloud
  close(): void
}

/** Reaches nobody yet. */
export function openAccount(
  { region, endpoint, profile }: AccountConfig,
  { clock, rng }: Pick<Host, 'clock' | 'rng'>,
  transport: Transport = nodeTransport,
): Account {
  const where = { region, endpoint }
  const env = profile === null ? process.env : { ...process.env, ALIBABA_CLOUD_PROFILE: profile }
  const surroundings = { env, home: homedir(), clock, transport, nonce: () => nonceFrom(rng) }
  const sources = profile === null ? usualSources(surroundings, where) : [fromProfile(surroundings, where)]
  const credentials = keepCredentials(sources, clock)
  return { call: openClient({ where, credentials, transport, clock, rng }), close: () => credentials.close() }
}
