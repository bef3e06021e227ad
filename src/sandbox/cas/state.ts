import type { Millis } from '../../core/time.ts'

/** One that was uploaded, with what stands in it. */
export interface Certificate {
  readonly id: number
  readonly account: string
  /** No two of an account share one. */
  readonly name: string
  readonly cert: string
  readonly key: string
  readonly commonName: string
  readonly names: readonly string[]
  readonly issuer: string
  readonly serial: string
  readonly fingerprint: string
  readonly sha256: string
  readonly from: Millis
  readonly until: Millis
}

export interface Cas {
  readonly certificates: ReadonlyMap<number, Certificate>
}

export function emptyCas(): Cas {
  return { certificates: new Map() }
}
