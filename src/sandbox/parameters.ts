import { invalid, missing, Refusal } from './refusal.ts'

/** What a parameter is: a text, a whole number, a number, true or false, JSON in a text, a list (`Name.1`, `Name.1.Part`), an object
 *  (`Name.Part`). A `!` at the end: it must be there. */
export type Kind = 'text' | 'int' | 'number' | 'flag' | 'json' | 'list' | 'object'
export type Declared = Kind | `${Kind}!`
export type Declarations = Readonly<Record<string, Declared>>

/** A list or object as it was flattened: texts at the leaves. Lists are objects with the keys 1, 2, 3. */
export type Nested = string | { readonly [name: string]: Nested }

/** The parameters of one call, read as its operation declares them. Anything else that came is nobody's business, as in the cloud. */
export class Given {
  readonly #tree: Readonly<Record<string, Nested>>

  constructor(sent: Readonly<Record<string, string>>, declared: Declarations) {
    this.#tree = unflattened(sent)
    for (const [name, how] of Object.entries(declared)) this.#check(name, how)
  }

  has(name: string): boolean {
    return this.#tree[name] !== undefined && this.#tree[name] !== ''
  }

  /** '' = not given. */
  text(name: string): string {
    const value = this.#tree[name]
    return typeof value === 'string' ? value : ''
  }

  number(name: string, fallback: number): number {
    return this.has(name) ? Number(this.text(name)) : fallback
  }

  flag(name: string): boolean {
    return this.text(name).toLowerCase() === 'true'
  }

  /** Of a list of texts. */
  texts(name: string): readonly string[] {
    return this.#items(name).filter((item) => typeof item === 'string')
  }

  /** Of a list of objects. */
  objects(name: string): readonly Given[] {
    return this.#items(name).map((item) => Given.#of(item))
  }

  object(name: string): Given {
    return Given.#of(this.#tree[name] ?? {})
  }

  /** Of JSON in a text; null = not given. */
  json(name: string): unknown {
    return this.has(name) ? JSON.parse(this.text(name)) : null
  }

  /** The same, and what it does not have from these parameters. */
  over(under: Readonly<Record<string, string>>): Given {
    const given = new Given(under, {})
    Object.assign(given.#tree, this.#tree)
    return given
  }

  /** All of it, for comparison. */
  get tree(): Readonly<Record<string, Nested>> {
    return this.#tree
  }

  static #of(item: Nested): Given {
    const given = new Given({}, {})
    Object.assign(given.#tree, typeof item === 'string' ? {} : item)
    return given
  }

  #items(name: string): readonly Nested[] {
    const value = this.#tree[name]
    if (value === undefined || typeof value === 'string') return []
    return Object.keys(value)
      .filter((key) => /^\d+$/.test(key))
      .sort((a, b) => Number(a) - Number(b))
      .map((key) => value[key]!)
  }

  #check(name: string, how: Declared): void {
    const kind = how.replace('!', '') as Kind
    if (!this.has(name)) {
      if (how.endsWith('!')) throw missing(name)
      return
    }
    const value = this.#tree[name]!
    const isTree = typeof value !== 'string'
    if (isTree !== (kind === 'list' || kind === 'object')) throw invalid(name)
    if (!isTree && !isWritten(value, kind)) throw invalid(name)
  }
}

function isWritten(value: string, kind: Kind): boolean {
  if (kind === 'int') return /^-?\d+$/.test(value)
  if (kind === 'number') return value.trim() !== '' && Number.isFinite(Number(value))
  if (kind === 'flag') return /^(true|false)$/i.test(value)
  if (kind === 'json') return isJson(value)
  return true
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const MAX_DEPTH = 8

/** `Tag.1.Key=a` becomes `{ Tag: { 1: { Key: 'a' } } }`. */
function unflattened(sent: Readonly<Record<string, string>>): Record<string, Nested> {
  const tree: Record<string, Nested> = Object.create(null)
  for (const [name, value] of Object.entries(sent)) {
    const path = name.split('.')
    if (path.length > MAX_DEPTH) throw new Refusal('InvalidParameter', `${name} is nested too deeply.`)
    let at = tree as Record<string, Nested>
    for (const part of path.slice(0, -1)) {
      const inner = at[part]
      const next: Record<string, Nested> =
        inner === undefined || typeof inner === 'string'
          ? Object.create(null)
          : (inner as Record<string, Nested>)
      at[part] = next
      at = next
    }
    at[path.at(-1)!] = value
  }
  return tree
}
