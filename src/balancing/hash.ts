const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/** 32-bit FNV-1a, then mixed: unsigned. For spreading, not against people who choose what is hashed. */
export function hashText(text: string): number {
  let hash = OFFSET
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME)
  return mix(hash)
}

export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = OFFSET
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, PRIME)
  return mix(hash)
}

/** The finalizer of MurmurHash3 (Appleby): every bit of the input moves half of the output's. */
export function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
