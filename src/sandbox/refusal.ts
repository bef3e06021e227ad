/** What the cloud answers instead of doing it. The only thing that an operation throws. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  readonly status: number

  /** 400 is what most products say; 403 is for what the account may not or the zone has not, 404 for what is not there. */
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export function missing(name: string): Refusal {
  return new Refusal(`Missing${name}`, `${name} is mandatory for this action.`)
}

export function invalid(name: string, why = 'is not valid'): Refusal {
  return new Refusal(`InvalidParameter.${name}`, `The specified ${name} ${why}.`)
}
