import type { Alias, Node, YAMLError, YAMLMap } from 'yaml'
import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml'
import type { SecretSources, UsedSecrets } from './secrets.ts'
import { substitute } from './secrets.ts'

export type Path = readonly (string | number)[]

/** Where a value stands: its own node, and the offset of the key or list item that holds it. */
interface Entry {
  readonly keyAt: number
  readonly node: Node | null
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** A problem of the text itself, before anyone knows what its keys mean. */
export interface TextProblem {
  readonly offset: number
  readonly path: Path
  readonly message: string
}

/** A YAML file as plain values, and where each of them stands. */
export interface Document {
  readonly value: unknown
  readonly problems: readonly TextProblem[]
  /** False when the text is no YAML or without bounds: `value` then means nothing. */
  readonly readable: boolean
  readonly secrets: UsedSecrets
  position(offset: number): Position
  /** Offset of the key or of the value at the path; of the nearest enclosing one when there is none. */
  offset(path: Path, at: 'key' | 'value'): number
  /** As it is written there, for people: a scalar's text (placeholders, never secrets), else what kind of thing it is. */
  written(path: Path): string | null
}

interface Walk {
  readonly text: string
  readonly sources: SecretSources | null
  readonly secrets: UsedSecrets
  readonly anchors: ReadonlyMap<string, readonly Node[]>
  readonly entries: Map<string, Entry>
  readonly problems: TextProblem[]
  /** Nodes made so far, aliases counted each time that they are used: an alias bomb ends here. Infinite once it has. */
  nodes: number
}

const MAX_NODES = 50_000
const MAX_DEPTH = 40
const MAX_WRITTEN = 60
const MAX_YAML_ERRORS = 20

/** Reads YAML 1.2 with anchors and merge keys. Without sources, placeholders stay as they stand. Never throws. */
export function readDocument(text: string, sources: SecretSources | null): Document {
  // Duplicate keys are found below, with the path; merge keys are resolved below, with positions.
  const doc = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const secrets: UsedSecrets = new Map()
  const broken: readonly YAMLError[] = [...doc.errors, ...doc.warnings]
  const anchors = broken.length === 0 ? anchorsOf(doc.contents) : new Map()
  const walk: Walk = { text, sources, secrets, anchors, entries: new Map(), problems: [], nodes: 0 }
  for (const error of broken.slice(0, MAX_YAML_ERRORS)) walk.problems.push(textProblem(error))
  const readable = broken.length === 0
  const value = readable ? build(doc.contents, [], walk, 0) : undefined
  return {
    value,
    readable: readable && walk.nodes <= MAX_NODES,
    problems: walk.problems,
    secrets,
    position: (offset) => positionIn(text, offset),
    offset: (path, at) => offsetOf(walk, path, at),
    written: (path) => written(walk, path),
  }
}

/** Counted here: the parser's own counter misses lines within some scalars that go over several. */
function positionIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, Math.max(offset, 0))
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: before.length - lineStart + 1 }
}

function textProblem(error: YAMLError): TextProblem {
  const message =
    error.code === 'RESOURCE_EXHAUSTION' ? 'nested too deeply' : error.message.replace(/; please use .*$/, '')
  return { offset: error.pos[0], path: [], message: `not valid YAML: ${message}` }
}

function build(node: Node | null, path: Path, walk: Walk, depth: number): unknown {
  walk.nodes++
  if (walk.nodes > MAX_NODES) {
    return stop(walk, node, `more than ${MAX_NODES} values; are aliases multiplying each other?`)
  }
  if (depth > MAX_DEPTH) return stop(walk, node, 'nested too deeply; is this an alias inside itself?')
  if (isAlias(node)) return buildAlias(node, path, walk, depth)
  if (isScalar(node)) return buildScalar(node.value, startOf(node) ?? 0, path, walk)
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const value = isNode(item) ? item : null
      return child(value, [...path, index], walk, { keyAt: startOf(value) ?? startOf(node) ?? 0, depth })
    })
  }
  return isMap(node) ? buildMap(node, path, walk, depth) : null
}

/** Says why once; from then on nothing is built. */
function stop(walk: Walk, node: Node | null, message: string): null {
  if (walk.nodes !== Number.POSITIVE_INFINITY) {
    walk.problems.push({ offset: startOf(node) ?? 0, path: [], message })
  }
  walk.nodes = Number.POSITIVE_INFINITY
  return null
}

function buildAlias(alias: Alias, path: Path, walk: Walk, depth: number): unknown {
  const target = anchored(alias, walk)
  if (target) return build(target, path, walk, depth + 1)
  walk.problems.push({
    offset: startOf(alias) ?? 0,
    path,
    message: `nothing before this is anchored as &${alias.source}`,
  })
  return null
}

function buildScalar(value: unknown, offset: number, path: Path, walk: Walk): unknown {
  if (typeof value !== 'string' || walk.sources === null) return value
  const { text, missing } = substitute(value, walk.sources, walk.secrets)
  for (const message of missing) walk.problems.push({ offset, path, message })
  return text
}

function buildMap(node: YAMLMap, path: Path, walk: Walk, depth: number): unknown {
  const result: Record<string, unknown> = {}
  const pairs = node.items.map(({ key, value }) => ({
    name: isScalar(key) ? String(key.value ?? '') : null,
    keyAt: (isNode(key) ? startOf(key) : null) ?? startOf(node) ?? 0,
    value: isNode(value) ? value : null,
  }))
  // Merged mappings first, so that the mapping's own keys replace theirs, values and places.
  for (const { value } of pairs.filter(({ name }) => name === '<<'))
    merge(result, value, { path, depth }, walk)
  const seen = new Set<string>()
  for (const { name, keyAt, value } of pairs.filter(({ name }) => name !== '<<')) {
    if (name === null) walk.problems.push({ offset: keyAt, path, message: 'a key must be a word' })
    else if (seen.has(name)) {
      walk.problems.push({ offset: keyAt, path: [...path, name], message: 'this key is here twice' })
    } else {
      seen.add(name)
      set(result, name, child(value, [...path, name], walk, { keyAt, depth }))
    }
  }
  return result
}

/** `<<: *one` or `<<: [*one, *two]`, where earlier ones win. */
function merge(
  result: Record<string, unknown>,
  node: Node | null,
  at: { path: Path; depth: number },
  walk: Walk,
): void {
  const sources = isSeq(node) ? node.items.toReversed() : [node]
  for (const source of sources) {
    const target = isAlias(source) ? anchored(source, walk) : source
    if (isMap(target)) {
      const merged = build(target, at.path, walk, at.depth + 1)
      for (const [name, value] of Object.entries(merged ?? {})) set(result, name, value)
    } else {
      const offset = startOf(isNode(source) ? source : node) ?? 0
      walk.problems.push({ offset, path: at.path, message: 'only mappings can be merged with <<' })
    }
  }
}

function child(
  node: Node | null,
  path: Path,
  walk: Walk,
  at: { readonly keyAt: number; readonly depth: number },
): unknown {
  walk.entries.set(keyOf(path), { keyAt: at.keyAt, node })
  return build(node, path, walk, at.depth + 1)
}

/** Also for `__proto__`, which an assignment would swallow. */
function set(record: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Every anchor of the file by its name, in order. */
function anchorsOf(contents: Node | null): ReadonlyMap<string, readonly Node[]> {
  const anchors = new Map<string, Node[]>()
  visit(contents, {
    Value(_, node) {
      if (node.anchor === undefined) return
      const sameName = anchors.get(node.anchor)
      if (sameName) sameName.push(node)
      else anchors.set(node.anchor, [node])
    },
  })
  return anchors
}

/** The last node before the alias that carries its name. */
function anchored(alias: Alias, walk: Walk): Node | null {
  const at = startOf(alias) ?? 0
  return walk.anchors.get(alias.source)?.findLast((node) => (startOf(node) ?? 0) < at) ?? null
}

function startOf(node: Node | null): number | null {
  return node?.range?.[0] ?? null
}

function keyOf(path: Path): string {
  return path.join('\0')
}

function offsetOf(walk: Walk, path: Path, at: 'key' | 'value'): number {
  const entry = walk.entries.get(keyOf(path))
  if (entry) return at === 'value' && isPlace(entry.node) ? (startOf(entry.node) ?? entry.keyAt) : entry.keyAt
  return path.length === 0 ? 0 : offsetOf(walk, path.slice(0, -1), 'key')
}

/** A mapping starts with its first key, which is not what is meant, and an empty value stands nowhere: their own key is the place. */
function isPlace(node: Node | null): boolean {
  return hasText(node) && !isMap(node)
}

function hasText(node: Node | null): boolean {
  return node?.range !== null && node?.range !== undefined && node.range[1] > node.range[0]
}

function written(walk: Walk, path: Path): string | null {
  const entry = walk.entries.get(keyOf(path))
  if (!entry) return null
  const node = isAlias(entry.node) ? anchored(entry.node, walk) : entry.node
  if (isMap(node)) return 'a mapping'
  if (isSeq(node)) return 'a list'
  if (!hasText(node)) return 'nothing'
  const [from, to] = node!.range!
  const text = walk.text.slice(from, to).replace(/\s+/g, ' ').trim()
  return text.length > MAX_WRITTEN ? `${text.slice(0, MAX_WRITTEN)}...` : text
}
