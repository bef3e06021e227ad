/** How closely supply followed demand, in the metrics of the SPEC Research Group (Herbst et al., "Quantifying Cloud Performance and
 *  Dependability", ACM ToMPECS 2018). All in percent; less is better. */
export interface ElasticityFigures {
  /** Servers that were missing, as a mean share of those needed. */
  readonly underProvisionedPct: number
  /** Servers beyond those needed, as a mean share of those. */
  readonly overProvisionedPct: number
  /** Share of the time in which servers were missing, and in which there were more than needed. */
  readonly underTimePct: number
  readonly overTimePct: number
}

/** Adds up steps of one length. */
export class Elasticity {
  #steps = 0
  #missing = 0
  #spare = 0
  #under = 0
  #over = 0

  add(demand: number, supply: number): void {
    this.#steps++
    const gap = (supply - demand) / demand
    if (gap < 0) {
      this.#missing -= gap
      this.#under++
    } else if (gap > 0) {
      this.#spare += gap
      this.#over++
    }
  }

  get figures(): ElasticityFigures {
    const percent = (sum: number) => (this.#steps > 0 ? (100 * sum) / this.#steps : 0)
    return {
      underProvisionedPct: percent(this.#missing),
      overProvisionedPct: percent(this.#spare),
      underTimePct: percent(this.#under),
      overTimePct: percent(this.#over),
    }
  }
}
