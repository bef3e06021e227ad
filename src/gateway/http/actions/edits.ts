import type { Buffer } from 'node:buffer'
import type { EditsSpec } from '../../../core/rule.ts'
import { fillerOf } from '../../../core/template.ts'
import type { HeaderLines } from '../../http1/header-lines.ts'
import { isWord } from '../../http1/tokens.ts'
import type { Transaction } from '../filters/filter.ts'
import { valueIn } from './variables.ts'

interface Head {
  readonly lines: HeaderLines
  added: string
}

/** The changes that a rule makes in heads of one direction. */
export class Edits {
  readonly #gone: ReadonlySet<string>
  readonly #lines: readonly { readonly name: string; readonly fill: ReturnType<typeof fillerOf> }[]

  constructor({ remove, set, add }: EditsSpec) {
    this.#gone = new Set([...remove, ...set.map(({ name }) => name)])
    this.#lines = [...set, ...add].map(({ name, value }) => ({ name, fill: fillerOf(value) }))
  }

  /** Changes a head whose bytes these are. */
  apply(head: Head, bytes: Buffer, transaction: Transaction): void {
    for (const name of this.#gone) dropLines(head.lines, bytes, name)
    head.added += this.#added(transaction)
  }

  /** Lines of an answer of the gateway's own, changed. Each is `name: value` of its own. */
  applyTo(lines: readonly (readonly [string, string])[], transaction: Transaction): string {
    const kept = lines.filter(([name]) => !this.#gone.has(name))
    return kept.map(([name, value]) => line(name, value)).join('') + this.#added(transaction)
  }

  #added(transaction: Transaction): string {
    if (this.#lines.length === 0) return ''
    const read = valueIn(transaction)
    return this.#lines.map(({ name, fill }) => line(name, fill(read))).join('')
  }
}

function line(name: string, value: string): string {
  return `${name}: ${value}\r\n`
}

function dropLines(lines: HeaderLines, bytes: Buffer, name: string): void {
  for (let at = 0; at < lines.count; at++) {
    if (isWord(bytes, lines.start(at), lines.nameEnd(at), name)) lines.drop(at)
  }
}
