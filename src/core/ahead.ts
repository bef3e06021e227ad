/** A fleet as it is before anything runs. */
export interface FleetAhead {
  readonly name: string
  readonly min: number
  readonly max: number
  /** So many are to be there at first: min, and the reserve. */
  readonly first: number
  /** Those that there are already; null = nobody knows. */
  readonly servers: number | null
  /** Its policies, by name: they are not asked, for what they go by is measured while it runs. */
  readonly policies: readonly string[]
  /** Why nobody knows, where somebody was asked. */
  readonly blind: string | null
}
