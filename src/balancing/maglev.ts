import { mix } from './hash.ts'

/** Prime, and a hundred times more than most pools have members: shares are then within 1 % of the weights. */
export const TABLE_SIZE = 65_537

/** Members by index, each with its identity's hash and its weight; weight 0 gets nothing. */
export interface Weighted {
  readonly size: number
  identity(i: number): number
  weight(i: number): number
}

/**
 * The lookup table of Maglev (Eisenbud et al., NSDI 2016, 3.4), with weights as Envoy has them: every member walks a permutation
 * of its own and takes the next free slot when it is its turn, as often as its weight says. When one member leaves, few keys of the
 * others move. Gives false, and leaves the table as it was, when nobody has a weight.
 */
export function fillMaglev(table: Int16Array, members: Weighted): boolean {
  const size = table.length
  const offsets = new Uint32Array(members.size)
  const skips = new Uint32Array(members.size)
  const shares = new Float64Array(members.size)
  let heaviest = 0
  for (let i = 0; i < members.size; i++) heaviest = Math.max(heaviest, members.weight(i))
  if (heaviest === 0) return false
  for (let i = 0; i < members.size; i++) {
    const identity = members.identity(i)
    offsets[i] = mix(identity) % size
    skips[i] = (mix(identity ^ 0x9e3779b9) % (size - 1)) + 1
    shares[i] = members.weight(i) / heaviest
  }
  table.fill(-1)
  deal(table, { offsets, skips, shares })
  return true
}

interface Walks {
  /** Where each member looks next. */
  readonly offsets: Uint32Array
  readonly skips: Uint32Array
  /** Turns a round. */
  readonly shares: Float64Array
}

function deal(table: Int16Array, { offsets, skips, shares }: Walks): void {
  const turns = new Float64Array(shares.length)
  for (let left = table.length; ; ) {
    for (let i = 0; i < shares.length; i++) {
      turns[i]! += shares[i]!
      if (turns[i]! < 1) continue
      turns[i]! -= 1
      let slot = offsets[i]!
      while (table[slot]! >= 0) slot = (slot + skips[i]!) % table.length
      table[slot] = i
      offsets[i] = (slot + skips[i]!) % table.length
      if (--left === 0) return
    }
  }
}
