/** When the head of a request's answer must have come. Reused from request to request. */
export class Deadline {
  /** 0 = no such time. */
  #atMs = 0

  /** `totalMs` from now on; null = whenever it comes. */
  begin(totalMs: number | null): void {
    this.#atMs = totalMs === null ? 0 : performance.now() + totalMs
  }

  /** Of `ms`, as much as it leaves. */
  left(ms: number): number {
    return this.#atMs === 0 ? ms : Math.max(0, Math.min(ms, this.#atMs - performance.now()))
  }

  get isOver(): boolean {
    return this.#atMs !== 0 && performance.now() >= this.#atMs
  }
}
