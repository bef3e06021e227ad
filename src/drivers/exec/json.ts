/** Deeper than anyone means it. */
const MAX_DEPTH = 200
const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Where a text stops being JSON (RFC 8259), as an offset; null when it is JSON throughout. The parser's own messages do not always say. */
export function jsonErrorAt(text: string): number | null {
  const scan = new Scan(text)
  scan.value(0)
  scan.skip(SPACE)
  return scan.broken || scan.at < text.length ? scan.at : null
}

class Scan {
  at = 0
  broken = false
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    if (!pattern.test(this.#text)) return false
    this.at = pattern.lastIndex
    return true
  }

  value(depth: number): void {
    this.skip(SPACE)
    const first = this.#text[this.at]
    if (depth > MAX_DEPTH) this.broken = true
    else if (first === '{') this.#items('}', () => this.#member(depth))
    else if (first === '[') this.#items(']', () => this.value(depth + 1))
    else if (first === '"') this.#string()
    else if (!this.skip(NUMBER) && !this.skip(WORD)) this.broken = true
  }

  #items(end: string, item: () => void): void {
    this.at++
    this.skip(SPACE)
    if (this.#take(end)) return
    do {
      item()
      if (this.broken) return
      this.skip(SPACE)
    } while (this.#take(','))
    this.#expect(end)
  }

  #member(depth: number): void {
    this.skip(SPACE)
    if (this.#text[this.at] === '"') this.#string()
    else this.broken = true
    if (this.broken) return
    this.skip(SPACE)
    this.#expect(':')
    if (!this.broken) this.value(depth + 1)
  }

  #string(): void {
    this.at++
    for (;;) {
      const char = this.#text[this.at]
      if (char === '"') break
      if (char === undefined || char < ' ' || (char === '\\' && !this.skip(ESCAPE))) {
        this.broken = true
        return
      }
      if (char !== '\\') this.at++
    }
    this.at++
  }

  #take(char: string): boolean {
    if (this.#text[this.at] !== char) return false
    this.at++
    return true
  }

  #expect(char: string): void {
    if (!this.#take(char)) this.broken = true
  }
}
