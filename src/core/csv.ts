import { parseFixedInstant } from './instant.ts'
import type { Millis } from './time.ts'

/** Problems that are told; the rest are counted. */
const MOST_TOLD = 20

/** Without the mark that some programs begin a file with. */
export function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r?\n/)
}

/** Quotes around a cell are taken off; nothing that we read needs a comma inside. */
export function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}

/** What is written there, or what is wrong with it. Published traces often leave the zone out: it is UTC then. */
export function instantCell(text: string): Millis | string {
  const at = parseFixedInstant(text) ?? parseFixedInstant(`${text}Z`)
  return at ?? `expected an instant such as 1767225600 or 2026-01-01T00:00:00Z, got "${shown(text)}"`
}

/** What is written there, or what is wrong with it. */
export function numberCell(text: string): number | string {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : `expected a number, got "${shown(text)}"`
}

/** As a message may have it: neither long nor what a terminal would obey or cannot show. */
export function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\uFFFD]/gu, '?')
  return plain.length > 40 ? `${plain.slice(0, 40)}...` : plain
}

export function firstOf(problems: readonly string[]): readonly string[] {
  const more = problems.length - MOST_TOLD
  return [...problems.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])]
}
