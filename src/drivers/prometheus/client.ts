import { readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { Fault, messageOf } from '../../core/fault.ts'
import type { Clock } from '../../core/time.ts'
import { within } from '../../core/within.ts'
import type { PrometheusConfig } from './config.ts'

/** Open calls of one source; further ones wait, and their time runs. */
const MAX_SOCKETS = 8
/** An answer of some of a cluster's stores would be too small, and servers would be retired on it: it is to be an error. Thanos and
 *  VictoriaMetrics each have a word for that; a Prometheus reads neither. */
const WHOLE = { partial_response: 'false', deny_partial_response: '1' }
/** What is shown of an answer that nobody understands. */
const MAX_SHOWN = 200

/** One call of the HTTP API, as POST so that no length limits the query: the `data` of its answer. Throws Fault `metrics.failed`, whose
 *  source is `user` when the query itself is refused, and `network` for all that may pass. */
export type Ask = (
  endpoint: 'query' | 'query_range',
  form: Readonly<Record<string, string>>,
  limits: { readonly maxBytes: number; readonly signal: AbortSignal },
) => Promise<unknown>

export interface PrometheusClient {
  readonly ask: Ask
  /** Open calls fail. */
  close(): void
}

/** A connection a call: kept ones would save little at a call every few seconds, and could be dead when they are used again. */
export function openClient(config: PrometheusConfig, clock: Clock): PrometheusClient {
  const { Agent } = config.url.startsWith('https:') ? https : http
  const agent = new Agent({ maxSockets: MAX_SOCKETS })
  const closed = new AbortController()
  const ask: Ask = async (endpoint, form, { maxBytes, signal }) => {
    const body = new URLSearchParams({ ...form, ...WHOLE }).toString()
    try {
      const answer = await within(
        clock,
        config.timeoutMs,
        AbortSignal.any([signal, closed.signal]),
        (either) => exchange({ ...requestOf(config, endpoint), agent }, { body, maxBytes, signal: either }),
      )
      return dataOf(answer)
    } catch (error) {
      if (error instanceof Fault) throw error
      throw failed(`${config.url} cannot be asked: ${reasonOf(error)}`, 'network', error)
    }
  }
  return {
    ask,
    close() {
      closed.abort(new Error('the source is closed'))
      agent.destroy()
    },
  }
}

/** Where every address of a name fails, the error is a list without a message of its own. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof AggregateError ? error.errors[0] : error)
}

export function failed(message: string, source: 'user' | 'network', cause?: unknown): Fault {
  return new Fault('metrics.failed', message, { source, retry: source === 'network' ? 'yes' : 'no', cause })
}

/** The certificates are read for each call: they may have been renewed. */
function requestOf(
  { url, authorization, tls }: PrometheusConfig,
  endpoint: string,
): https.RequestOptions & { url: string } {
  const pem = (key: 'ca' | 'cert' | 'key') => {
    const path = tls[key]
    return path === null ? {} : { [key]: readFileSync(path) }
  }
  return {
    url: `${url}/api/v1/${endpoint}`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(authorization === null ? {} : { authorization }),
    },
    ...(url.startsWith('https:')
      ? { ...pem('ca'), ...pem('cert'), ...pem('key'), rejectUnauthorized: !tls.insecure }
      : {}),
  }
}

interface Sending {
  readonly body: string
  /** Of the answer. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

interface Answer {
  readonly status: number
  readonly text: string
}

function exchange(
  { url, ...options }: https.RequestOptions & { url: string },
  { body, maxBytes, signal }: Sending,
): Promise<Answer> {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxBytes) sent.destroy(new Error(`the answer is larger than ${maxBytes} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      )
    })
    const stop = () => sent.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    sent.on('close', () => signal.removeEventListener('abort', stop))
    sent.on('error', reject)
    if (signal.aborted) stop()
    sent.end(body)
  })
}

/** What the API wraps around each answer: `{ status, data }`, or `{ status, errorType, error }`. */
interface Envelope {
  readonly status?: unknown
  readonly data?: unknown
  readonly errorType?: unknown
  readonly error?: unknown
}

function dataOf({ status, text }: Answer): unknown {
  const envelope = envelopeOf(text)
  if (status === 200 && envelope?.status === 'success') return envelope.data
  if (envelope?.status === 'error') {
    const refused = envelope.errorType === 'bad_data' || envelope.errorType === 'execution'
    throw failed(String(envelope.error), refused ? 'user' : 'network')
  }
  if (status === 401 || status === 403) throw failed(`it refuses the credentials (HTTP ${status})`, 'network')
  if (status >= 300 && status < 400)
    throw failed(`it sends elsewhere (HTTP ${status}); write the final url`, 'network')
  throw failed(
    `it does not answer as a Prometheus does (HTTP ${status}): ${text.slice(0, MAX_SHOWN)}`,
    'network',
  )
}

function envelopeOf(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
