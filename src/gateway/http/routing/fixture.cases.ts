import { Buffer } from 'node:buffer'
import { parseRequestHead, RequestHead } from '../../http1/request-head.ts'

/** A request's head as its listener has it. */
export function aRequest(text: string): { readonly head: RequestHead; readonly bytes: Buffer } {
  const bytes = Buffer.from(text, 'latin1')
  const head = new RequestHead({ headerBytes: 32_768, headerCount: 100 })
  const end = parseRequestHead(bytes, 0, bytes.length, head)
  if (end !== bytes.length) throw new Error(`no request, but ${end}: ${text}`)
  return { head, bytes }
}
