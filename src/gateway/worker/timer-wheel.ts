/** How coarse the wheel is. A timer never fires early and at most two ticks late. */
export const TICK_MS = 100
const SLOTS = 512
/** Time in which the thread itself was stalled is not held against its connections. */
const MOST_TICKS_AT_ONCE = 5

/** One timeout of one connection, made once and armed as often as needed. */
export class Timer {
  readonly fire: () => void
  /** The tick at which it fires; 0 = not armed. */
  deadline = 0
  /** The tick at which the wheel looks at it next; 0 = not in the wheel. */
  visit = 0
  previous: Timer | null = null
  next: Timer | null = null

  constructor(fire: () => void) {
    this.fire = fire
  }
}

/**
 * A hashed timing wheel (Varghese and Lauck 1987) whose entries are the timers themselves: arming allocates nothing.
 * A timer that is armed to a later time stays where it is and moves when the wheel comes by, so arming on every
 * request costs one store.
 */
export class TimerWheel {
  /** Timers in the wheel, armed or not yet passed by. */
  size = 0
  readonly #slots: (Timer | null)[] = new Array<Timer | null>(SLOTS).fill(null)
  #tick = 1
  #lastMs: number

  constructor(nowMs: number) {
    this.#lastMs = nowMs
  }

  /** Fires once after `ms`; replaces an earlier deadline. */
  arm(timer: Timer, ms: number): void {
    timer.deadline = this.#tick + Math.ceil(ms / TICK_MS) + 1
    if (timer.visit !== 0 && timer.visit <= timer.deadline) return
    if (timer.visit !== 0) this.#unlink(timer)
    this.#link(timer)
  }

  /** It will not fire. It leaves the wheel when that comes by. */
  disarm(timer: Timer): void {
    timer.deadline = 0
  }

  /** Leaves the wheel now: for a timer whose owner ends. */
  release(timer: Timer): void {
    timer.deadline = 0
    if (timer.visit !== 0) this.#unlink(timer)
  }

  /** Lets time pass and fires what is due. `nowMs` is any monotonic clock's. */
  advance(nowMs: number): void {
    const elapsed = Math.floor((nowMs - this.#lastMs) / TICK_MS)
    this.#lastMs += elapsed * TICK_MS
    for (let step = Math.min(elapsed, MOST_TICKS_AT_ONCE); step > 0; step--) {
      this.#tick++
      this.#visit(this.#tick % SLOTS)
    }
  }

  /** A timer that fires may arm, disarm and release any other: each is unlinked before anything else happens to it. */
  #visit(slot: number): void {
    let waiting: Timer | null
    while ((waiting = this.#slots[slot]!) !== null && waiting.visit <= this.#tick) {
      this.#unlink(waiting)
      if (waiting.deadline > this.#tick) this.#link(waiting)
      else if (waiting.deadline !== 0) {
        waiting.deadline = 0
        waiting.fire()
      }
    }
  }

  #link(timer: Timer): void {
    timer.visit = Math.min(timer.deadline, this.#tick + SLOTS - 1)
    const slot = timer.visit % SLOTS
    const first = this.#slots[slot]!
    timer.next = first
    if (first !== null) first.previous = timer
    this.#slots[slot] = timer
    this.size++
  }

  #unlink(timer: Timer): void {
    if (timer.previous !== null) timer.previous.next = timer.next
    else this.#slots[timer.visit % SLOTS] = timer.next
    if (timer.next !== null) timer.next.previous = timer.previous
    timer.previous = null
    timer.next = null
    timer.visit = 0
    this.size--
  }
}
