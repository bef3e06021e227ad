/** An answer that is not of the documented form. Its message names the place and both types. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer'
}

/** One object of an answer. What a caller asks for must be there, for a list that is missing is not an empty fleet; what it does not ask
 *  for is nobody's business, because the cloud adds fields every week. */
export class Fields {
  readonly #record: Readonly<Record<string, unknown>>
  readonly #place: string

  constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(place, 'an object', value)
    this.#record = value as Readonly<Record<string, unknown>>
    this.#place = place
  }

  has(name: string): boolean {
    return this.#record[name] !== undefined && this.#record[name] !== null
  }

  text(name: string): string {
    const value = this.#record[name]
    // The same field is a number in one product's answers and a text in another's.
    if (typeof value === 'number') return String(value)
    if (typeof value === 'string') return value
    throw wrong(this.#at(name), 'a text', value)
  }

  number(name: string): number {
    const value = this.#record[name]
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    throw wrong(this.#at(name), 'a number', value)
  }

  flag(name: string): boolean {
    const value = this.#record[name]
    if (value === true || value === 'true') return true
    if (value === false || value === 'false') return false
    throw wrong(this.#at(name), 'true or false', value)
  }

  /** As it came, to be compared. */
  get record(): Readonly<Record<string, unknown>> {
    return this.#record
  }

  inside(name: string): Fields {
    return new Fields(this.#record[name], this.#at(name))
  }

  list(name: string): readonly Fields[] {
    return this.#items(name).map((item, index) => new Fields(item, `${this.#at(name)}[${index}]`))
  }

  texts(name: string): readonly string[] {
    return this.#items(name).map((item, index) => {
      if (typeof item === 'string') return item
      throw wrong(`${this.#at(name)}[${index}]`, 'a text', item)
    })
  }

  #items(name: string): readonly unknown[] {
    const value = this.#record[name]
    if (Array.isArray(value)) return value
    throw wrong(this.#at(name), 'a list', value)
  }

  #at(name: string): string {
    return this.#place === '' ? name : `${this.#place}.${name}`
  }
}

function wrong(place: string, wanted: string, value: unknown): WrongAnswer {
  return new WrongAnswer(
    `${place === '' ? 'the answer' : place} should be ${wanted} and is ${typeName(value)}`,
  )
}

function typeName(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`
}
