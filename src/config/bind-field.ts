import { isIP } from 'node:net'
import type { Bind } from '../core/balancer.ts'
import { textForm } from '../core/form.ts'
import type { About } from './fields.ts'
import { field } from './fields.ts'

const BIND = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]*)):(\d{1,5})$/

export function bind(example: string, about: About) {
  const expects = about.default === undefined ? `an address ${example}` : `an address such as ${example}`
  const kind = { ...textForm('address', BIND), expects }
  return field(kind, (raw) => (typeof raw === 'string' ? (readBind(raw) ?? undefined) : undefined), about)
}

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`; null when it is none of them. */
export function readBind(raw: string): Bind | null {
  const match = BIND.exec(raw)
  if (!match) return null
  const host = match[1] ?? match[2] ?? ''
  const port = Number(match[3])
  if (port > 65535 || (host !== '' && isIP(host) !== (match[1] === undefined ? 4 : 6))) return null
  return { host, port }
}
