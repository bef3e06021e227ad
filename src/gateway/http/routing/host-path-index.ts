import { NONE, PathTree } from './path-tree.ts'

/** Hosts whose trees are kept; clients may name any. */
const KEPT_HOSTS = 1000

/** Which rule of a run is the first to take a host and a path: rules that ask for nothing else. */
export class HostPathIndex {
  readonly #anyHost = new PathTree()
  readonly #hosts = new Map<string, PathTree>()
  /** By `.example.org`. */
  readonly #below = new Map<string, PathTree>()
  /** The trees that a host must be looked up in. */
  readonly #known = new Map<string, readonly PathTree[]>()

  /** Rules come in the order of their numbers. */
  add({ host, path = '/*' }: { readonly host?: string; readonly path?: string }, rule: number): void {
    if (host === undefined) this.#anyHost.add(path, rule)
    else if (host.startsWith('*.')) treeOf(this.#below, host.slice(1)).add(path, rule)
    else treeOf(this.#hosts, host).add(path, rule)
  }

  /** Of a host in lower case and without port; NONE when no rule takes it. */
  first(host: string, path: string): number {
    let first = NONE
    for (const tree of this.#known.get(host) ?? this.#treesOf(host)) first = tree.first(path, first)
    return first
  }

  #treesOf(host: string): readonly PathTree[] {
    const name = host.endsWith('.') ? host.slice(0, -1) : host
    const trees = [this.#anyHost, this.#hosts.get(name)]
    for (let dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
      trees.push(this.#below.get(name.slice(dot)))
    }
    const found = trees.filter((tree) => tree !== undefined)
    if (this.#known.size >= KEPT_HOSTS) this.#known.clear()
    this.#known.set(host, found)
    return found
  }
}

function treeOf(trees: Map<string, PathTree>, key: string): PathTree {
  let tree = trees.get(key)
  if (tree === undefined) trees.set(key, (tree = new PathTree()))
  return tree
}
