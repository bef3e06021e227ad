/** How far an exchange came when, for the access log alone: as of `performance.now()`; 0 = not yet, or nobody logs. */
export class Marks {
  begunMs = 0
  connectedMs = 0
  answeredMs = 0
  #isLogged = false

  /** Its first attempt begins. */
  begin(isLogged: boolean): void {
    this.#isLogged = isLogged
    this.begunMs = this.#now()
    this.connectedMs = 0
    this.answeredMs = 0
  }

  connected(): void {
    this.connectedMs = this.#now()
  }

  answered(): void {
    this.answeredMs = this.#now()
  }

  #now(): number {
    return this.#isLogged ? performance.now() : 0
  }
}
