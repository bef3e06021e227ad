import { beforeEach, expect, test } from 'vitest'
import { Fault } from '../../../core/fault.ts'
import type { Millis } from '../../../core/time.ts'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'
import { Ordered, type Workshop } from './ordered.ts'

const never = new AbortController().signal
const ORDER = {}

/** A cloud that lists what it has created only after a while, and answers a token as it did the first time. */
class AWorkshop implements Workshop<object, { readonly id: string }> {
  /** When each is listed. */
  readonly there = new Map<string, Millis>()
  readonly tokens = new Map<string, string>()
  lagMs = 0
  refuses = false
  isFixed = false
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  async ids(): Promise<readonly string[]> {
    return [...this.there].filter(([, at]) => this.#clock.now() >= at).map(([id]) => id)
  }

  async read(id: string): Promise<{ readonly id: string }> {
    return { id }
  }

  async create(_: object, token: string): Promise<string> {
    await this.#clock.sleep(1, never)
    const known = this.tokens.get(token)
    if (known !== undefined) return known
    const id = `lb-${this.tokens.size + 1}`
    this.tokens.set(token, id)
    if (this.refuses) throw new Fault('balancer.refused', 'no stock', { source: 'vendor', retry: 'no' })
    this.there.set(id, this.#clock.now() + this.lagMs)
    return id
  }

  changes(): readonly never[] {
    if (this.isFixed) throw new Fault('balancer.refused', 'moves no more', { source: 'user', retry: 'no' })
    return []
  }

  async mend(): Promise<void> {}

  creationText(): string {
    return 'create it'
  }

  priceText(): null {
    return null
  }
}

let clock: VirtualClock
let workshop: AWorkshop
beforeEach(() => {
  // The very end of a minute.
  clock = new VirtualClock(59_999)
  workshop = new AWorkshop(clock)
})

/** As a controller begins: it remembers nothing of others. */
const controller = () => new Ordered(workshop, ORDER, 'tidegate-demo-shop', clock)
async function had(ordered: Ordered<object, { readonly id: string }>): Promise<string> {
  const outcome = ordered.have(never).then(
    () => ordered.seen!.id,
    (error: Error) => error.message,
  )
  await clock.advance(60_000)
  return await outcome
}

test('a controller that follows one which was killed finds what that had created and was not listed yet', async () => {
  workshop.lagMs = 9_000
  controller()
    .have(never)
    .catch(() => {})
  while (workshop.there.size === 0) await clock.advance(1)
  expect(await had(controller())).toBe('lb-1')
  expect(workshop.there.size).toBe(1)
})

test('what is not listed yet is created by the same call again', async () => {
  workshop.lagMs = 100_000
  const ordered = controller()
  for (const _ of [1, 2]) expect(await had(ordered)).toBe('lb-1 was created and cannot be seen yet')
  expect(await had(ordered)).toBe('lb-1')
  expect(workshop.there.size).toBe(1)
})

test('an order that was refused is given again without waiting, and with another token', async () => {
  workshop.refuses = true
  const ordered = controller()
  expect(await had(ordered)).toBe('no stock')
  workshop.refuses = false
  const again = ordered.have(never)
  await clock.advance(1)
  await again
  expect(ordered.seen).toEqual({ id: 'lb-2' })
})

test('one that cannot become what is ordered is told of, and does not hold', async () => {
  const ordered = controller()
  await had(ordered)
  expect(await ordered.holds(never)).toBe(true)
  workshop.isFixed = true
  expect(await ordered.purchase(never)).toEqual({ id: 'lb-1', changes: ['moves no more'], price: null })
  expect(await ordered.holds(never)).toBe(false)
})
