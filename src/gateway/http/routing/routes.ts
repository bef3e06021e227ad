import type { Buffer } from 'node:buffer'
import type { MatchSpec } from '../../../core/rule.ts'
import type { RequestHead } from '../../http1/request-head.ts'
import { HostPathIndex } from './host-path-index.ts'
import { NONE } from './path-tree.ts'
import { type Asking, type RequestTest, testsOf } from './tests.ts'

/** Rules that stand together: many that ask for host and path alone, or one that asks for more. */
interface Run {
  readonly index: HostPathIndex
  readonly tests: readonly RequestTest[]
}

/** The rules of one listener, compiled. First match wins. */
export class Routes<Target> {
  /** What takes everything that no rule takes. */
  readonly otherwise: Target | null
  readonly #runs: readonly Run[]
  readonly #targets: readonly Target[]

  constructor(rules: readonly (readonly [MatchSpec, Target])[], otherwise: Target | null) {
    this.#runs = runsOf(rules.map(([match]) => match))
    this.#targets = rules.map(([, target]) => target)
    this.otherwise = otherwise
  }

  /** Null = no rule takes it. */
  match(head: RequestHead, bytes: Buffer, asking: Asking): Target | null {
    for (let at = 0; at < this.#runs.length; at++) {
      const { index, tests } = this.#runs[at]!
      const rule = index.first(head.host, head.path)
      if (rule !== NONE && allPass(tests, head, bytes, asking)) return this.#targets[rule]!
    }
    return this.otherwise
  }

  /** For a connection, of which nothing but a host is known; '' = not even that. */
  matchHost(host: string): Target | null {
    for (const { index, tests } of this.#runs) {
      const rule = tests.length > 0 ? NONE : index.first(host, '/')
      if (rule !== NONE) return this.#targets[rule]!
    }
    return this.otherwise
  }
}

function allPass(tests: readonly RequestTest[], head: RequestHead, bytes: Buffer, asking: Asking): boolean {
  for (let at = 0; at < tests.length; at++) if (!tests[at]!(head, bytes, asking)) return false
  return true
}

function runsOf(matches: readonly MatchSpec[]): readonly Run[] {
  const runs: Run[] = []
  let isOpen = false
  for (const [number, match] of matches.entries()) {
    const tests = testsOf(match)
    if (tests.length > 0 || !isOpen) runs.push({ index: new HostPathIndex(), tests })
    runs.at(-1)!.index.add(match, number)
    isOpen = tests.length === 0
  }
  return runs
}
