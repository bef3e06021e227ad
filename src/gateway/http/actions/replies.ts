import { Buffer } from 'node:buffer'
import type { RedirectSpec, RespondSpec } from '../../../core/rule.ts'
import { fillerOf } from '../../../core/template.ts'
import type { Transaction } from '../filters/filter.ts'
import { errorReply } from '../reply.ts'
import type { Edits } from './edits.ts'
import { valueIn } from './variables.ts'

type Act = (transaction: Transaction) => void
type Lines = readonly (readonly [string, string])[]

const NOTHING = Buffer.alloc(0)

/** Sends the client elsewhere. A place that needs the host's name is 400 for a client that named none. */
export function redirecting({ status, to }: RedirectSpec, edits: Edits | null): Act {
  const fill = fillerOf(to)
  const needsHost = to.includes(`\${host}`)
  return (transaction) => {
    if (needsHost && transaction.head.host === '') {
      transaction.answer(errorReply(400), 'no-host')
      return
    }
    const lines: Lines = [['location', fill(valueIn(transaction))]]
    const reply = { status, lines: textOf(lines, edits, transaction), body: NOTHING }
    transaction.answer(reply, 'redirect')
  }
}

/** Answers with the same text each time. */
export function responding({ status, body, type }: RespondSpec, edits: Edits | null): Act {
  const bytes = Buffer.from(body)
  const lines: Lines = body === '' ? [] : [['content-type', type]]
  return (transaction) => {
    transaction.answer({ status, lines: textOf(lines, edits, transaction), body: bytes }, 'fixed')
  }
}

function textOf(lines: Lines, edits: Edits | null, transaction: Transaction): string {
  return edits?.applyTo(lines, transaction) ?? lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
}
