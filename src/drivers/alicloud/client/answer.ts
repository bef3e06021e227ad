import type { Millis } from '../../../core/time.ts'
import { type CloudFault, kindOf, type Outcome } from './cloud-fault.ts'
import { Fields } from './fields.ts'

/** What is shown of a body that nobody understands. */
const MAX_SHOWN = 200
/** Codes inside a 200 that mean well: CloudMonitor says so in every answer. */
const FINE = new Set(['200', 'OK', 'Success'])

export interface HttpAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

/** An answer of the cloud, or of whatever stood between, as fields or as the fault that it tells of. `stringToSign` is what the request
 *  was signed over. */
export function readAnswer(answer: HttpAnswer, stringToSign: string | null): Outcome<Fields> {
  const body = recordOf(answer.text)
  const fine = answer.status >= 200 && answer.status < 300
  if (body === null) return { ok: false, fault: foreign(answer, fine) }
  const code = textOf(body.Code)
  const well = body.Success !== false && body.Success !== 'false' && (code === null || FINE.has(code))
  if (fine && well) return { ok: true, value: new Fields(body, '') }
  return { ok: false, fault: refusal(answer, body, stringToSign) }
}

function refusal(
  answer: HttpAnswer,
  body: Readonly<Record<string, unknown>>,
  stringToSign: string | null,
): CloudFault {
  const code = textOf(body.Code) ?? `HTTP.${answer.status}`
  // CloudMonitor writes its status into the code of a 200.
  const status = answer.status < 300 && /^[45]\d\d$/.test(code) ? Number(code) : answer.status
  return {
    kind: kindOf(status, code),
    code,
    message: explained(code, textOf(body.Message) ?? 'no message', stringToSign),
    requestId: textOf(body.RequestId),
    status: answer.status,
    retryAfterMs: retryAfterOf(answer),
  }
}

/** The cloud repeats what it would have signed, in which a security token may stand; and whether that is what we signed tells a wrong
 *  secret from a request that was changed on its way. */
function explained(code: string, message: string, stringToSign: string | null): string {
  const [said = '', theirs] = message.split(/server string to sign is:?/i)
  if (theirs === undefined || !/Signature/.test(code)) return short(message)
  const same = stringToSign !== null && theirs.trim().startsWith(stringToSign)
  return `${short(said)} ${same ? 'The access key secret is wrong.' : 'The request was changed on its way, by a proxy perhaps.'}`
}

/** No JSON object: a proxy's page, or nothing at all. */
function foreign(answer: HttpAnswer, fine: boolean): CloudFault {
  const title = /<title[^>]*>([^<]*)/i.exec(answer.text)?.[1]
  const shown = short(title ?? answer.text)
  return {
    kind: fine ? 'unread' : kindOf(answer.status, ''),
    code: `HTTP.${answer.status}`,
    message: shown === '' ? 'the answer is empty' : `the answer is no JSON object: ${shown}`,
    requestId: answer.headers['x-acs-request-id'] ?? null,
    status: answer.status,
    retryAfterMs: retryAfterOf(answer),
  }
}

/** In milliseconds, unlike HTTP's own `retry-after`. */
function retryAfterOf({ headers }: HttpAnswer): Millis | null {
  const ms = Number(headers['x-acs-retry-after'] ?? Number.NaN)
  return ms > 0 && Number.isFinite(ms) ? ms : null
}

function recordOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null
  } catch {
    return null
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line
}
