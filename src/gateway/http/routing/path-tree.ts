/** No rule; more than the number of any. */
export const NONE = 0x7fffffff

interface Node {
  /** What leads here from the node before. */
  label: string
  /** The first rule that takes exactly this path, and the first that takes everything from this segment on. */
  exact: number
  below: number
  readonly children: Map<number, Node>
}

/** Paths of rules as a radix tree (Morrison 1968): a look costs as much as the path is long, however many rules there are. */
export class PathTree {
  readonly #root: Node = aNode('')

  /** `/exact`, `/prefix/*`, or `/*` for everything. Rules come in the order of their numbers. */
  add(path: string, rule: number): void {
    const isPrefix = path.endsWith('/*')
    const node = this.#nodeOf(isPrefix ? path.slice(0, -2) : path)
    if (isPrefix) node.below = Math.min(node.below, rule)
    else node.exact = Math.min(node.exact, rule)
  }

  /** The first of the rules that take the path and of `best`. */
  first(path: string, best: number): number {
    // `/*` takes `*` (of `OPTIONS *`) too.
    let first = Math.min(best, this.#root.below)
    let node = this.#root
    let at = 0
    while (at < path.length) {
      const child = node.children.get(path.charCodeAt(at))
      if (child === undefined || !continues(path, at, child.label)) return first
      at += child.label.length
      node = child
      if (node.below < first && (at === path.length || path.charCodeAt(at) === SLASH)) first = node.below
    }
    return Math.min(first, node.exact)
  }

  /** The node of that text, made where there is none. */
  #nodeOf(text: string): Node {
    let node = this.#root
    let at = 0
    while (at < text.length) {
      const child = node.children.get(text.charCodeAt(at))
      if (child === undefined) {
        const leaf = aNode(text.slice(at))
        node.children.set(text.charCodeAt(at), leaf)
        return leaf
      }
      const common = commonLength(text, at, child.label)
      node = common === child.label.length ? child : split(node, child, common)
      at += common
    }
    return node
  }
}

const SLASH = 0x2f

function aNode(label: string): Node {
  return { label, exact: NONE, below: NONE, children: new Map() }
}

/** A node between the two, where the first `length` of the child's label end. */
function split(parent: Node, child: Node, length: number): Node {
  const between = aNode(child.label.slice(0, length))
  parent.children.set(between.label.charCodeAt(0), between)
  child.label = child.label.slice(length)
  between.children.set(child.label.charCodeAt(0), child)
  return between
}

function commonLength(text: string, at: number, label: string): number {
  let length = 0
  while (length < label.length && text.charCodeAt(at + length) === label.charCodeAt(length)) length++
  return length
}

function continues(text: string, at: number, label: string): boolean {
  return text.length - at >= label.length && commonLength(text, at, label) === label.length
}
