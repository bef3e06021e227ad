/** Two words that nobody outside the gateway knows. */
export type HashKey = readonly [number, number]

/**
 * HalfSipHash-2-4 with 64 bits of result (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and its reference code): who
 * does not know the key cannot choose texts that meet in one place.
 */
export class KeyedHash {
  /** Of the last text. */
  high = 0
  low = 0
  readonly #key: HashKey
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  constructor(key: HashKey) {
    this.#key = key
  }

  /** `salt` is a word before the text, which is Latin-1. */
  ofText(salt: number, text: string): void {
    this.#begin(salt)
    const { length } = text
    let word = 0
    for (let at = 0; at < length; at++) {
      word |= (text.charCodeAt(at) & 0xff) << ((at & 3) * 8)
      if ((at & 3) !== 3) continue
      this.#add(word)
      word = 0
    }
    this.#end(word, length)
  }

  ofBytes(salt: number, bytes: Uint8Array, start: number, end: number): void {
    this.#begin(salt)
    let word = 0
    for (let at = start; at < end; at++) {
      const place = (at - start) & 3
      word |= bytes[at]! << (place * 8)
      if (place !== 3) continue
      this.#add(word)
      word = 0
    }
    this.#end(word, end - start)
  }

  #begin(salt: number): void {
    const [low, high] = this.#key
    this.#a = low
    this.#b = high ^ 0xee
    this.#c = low ^ 0x6c796765
    this.#d = high ^ 0x74656462
    this.#add(salt)
  }

  #add(word: number): void {
    this.#d ^= word
    this.#rounds(2)
    this.#a ^= word
  }

  /** `word` is what is left, `length` that of the text. */
  #end(word: number, length: number): void {
    this.#add(word | ((length + 4) << 24))
    this.#c ^= 0xee
    this.#rounds(4)
    this.low = this.#b ^ this.#d
    this.#b ^= 0xdd
    this.#rounds(4)
    this.high = this.#b ^ this.#d
  }

  #rounds(count: number): void {
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d]
    for (let round = 0; round < count; round++) {
      a = (a + b) | 0
      b = turn(b, 5) ^ a
      a = turn(a, 16)
      c = (c + d) | 0
      d = turn(d, 8) ^ c
      a = (a + d) | 0
      d = turn(d, 7) ^ a
      c = (c + b) | 0
      b = turn(b, 13) ^ c
      c = turn(c, 16)
    }
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
  }
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
