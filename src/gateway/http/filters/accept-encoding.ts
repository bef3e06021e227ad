import type { Encoding } from '../../../core/traffic.ts'

/** Which of our encodings the client likes best (RFC 9110 12.5.3); null = none, or none at all better than plain. */
export function chooseEncoding(header: string | null, ours: readonly Encoding[]): Encoding | null {
  if (header === null) return null
  const weights = new Map(header.split(',').map(weightOf))
  let best: Encoding | null = null
  let highest = 0
  for (const encoding of ours) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0
    if (weight <= highest) continue
    best = encoding
    highest = weight
  }
  return highest >= (weights.get('identity') ?? 0) ? best : null
}

function weightOf(item: string): [string, number] {
  const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => /^q\s*=/.test(parameter))
  const weight = q === undefined ? 1 : Number(q.slice(q.indexOf('=') + 1))
  return [name === 'x-gzip' ? 'gzip' : name, Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 0]
}
