import type { Clock, Millis } from '../../../../core/time.ts'
import { Fields } from '../fields.ts'
import { Secret } from '../secret.ts'
import type { Signer } from '../signature.ts'
import type { Transport } from '../transport.ts'

export interface Credentials extends Signer {
  /** Null when they last. */
  readonly expiresAt: Millis | null
}

/** One place where credentials may be. */
export interface CredentialSource {
  /** For people: `the environment`. */
  readonly name: string
  /** Null when nobody has set this place up, so that the next is asked. Throws when somebody has and it fails: going on to the next would
   *  act in another's name. */
  load(signal: AbortSignal): Promise<Credentials | null>
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly clock: Clock
  readonly transport: Transport
  /** A new one for each request. */
  readonly nonce: () => string
}

/** From the fields that the metadata service, credential addresses and the token service all use. */
export function credentialsFrom(fields: Fields): Credentials {
  const expiresAt = Date.parse(fields.text('Expiration'))
  if (Number.isNaN(expiresAt)) throw new Error('Expiration is no time')
  return {
    accessKeyId: fields.text('AccessKeyId'),
    accessKeySecret: new Secret(fields.text('AccessKeySecret')),
    securityToken: new Secret(fields.text('SecurityToken')),
    expiresAt,
  }
}

/** The object in a text, whose content no message repeats: it may hold secrets. */
export function fieldsIn(text: string, place: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`${place} is no JSON`)
  }
  return new Fields(value, '')
}
