import { type IncomingMessage, request } from 'node:http'
import type { ApiPlace } from '../app/terminal.ts'
import { BY_HEADER, type ProblemDetails } from '../core/api.ts'
import { messageOf } from '../core/fault.ts'
import type { Event } from '../core/store.ts'
import { CliError, exitCodeOf } from './errors.ts'

/** Longer than the stream's keep-alive comments are apart. */
const SILENCE_MS = 40_000

/** The admin API of a running Tidegate. Throws CliError; when its signal aborts, whatever the abort throws. */
export interface Client {
  readonly url: string
  get<T>(path: string): Promise<T>
  send<T>(method: 'POST' | 'PUT', path: string, body?: object): Promise<T>
  /** Events after this id as they happen, until the connection ends. */
  events(afterId: number): AsyncIterable<Event>
}

/** `url` is the API's root, `http://127.0.0.1:9900`; `by` goes into the journal. */
export function httpClient(
  { url, token }: ApiPlace,
  { by, signal }: { by: string; signal: AbortSignal },
): Client {
  const ask = (method: string, path: string, about: { accept: string; body?: object }) =>
    open(url, { method, path, signal, accept: about.accept, by, token, body: about.body })
  return {
    url,
    get: async (path) => readJson(url, await ask('GET', path, { accept: 'application/json' })),
    send: async (method, path, body = {}) =>
      readJson(url, await ask(method, path, { accept: 'application/json', body })),
    events: async function* (afterId) {
      const answer = await ask('GET', `/api/v1/events?after=${afterId}`, { accept: 'text/event-stream' })
      if (answer.statusCode !== 200) await readJson(url, answer)
      else yield* readEvents(answer)
    },
  }
}

interface Call {
  readonly method: string
  readonly path: string
  readonly accept: string
  readonly by: string
  readonly token: string | null
  readonly body: object | undefined
  readonly signal: AbortSignal
}

/** Resolves with the answer's head. */
function open(
  url: string,
  { method, path, accept, by, token, body, signal }: Call,
): Promise<IncomingMessage> {
  const headers = {
    accept,
    [BY_HEADER]: by,
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  }
  return new Promise((done, failed) => {
    const call = request(`${url}${path}`, { method, headers, signal, timeout: SILENCE_MS, agent: false })
    call.on('response', done)
    call.on('timeout', () => call.destroy(new Error(`silent for ${SILENCE_MS / 1000} s`)))
    call.on('error', (error) => failed(signal.aborted ? signal.reason : unreachable(url, error)))
    call.end(body && JSON.stringify(body))
  })
}

function unreachable(url: string, error: Error & { code?: string }): CliError {
  if (error.code === 'ECONNREFUSED') {
    return new CliError(`no Tidegate answers at ${url}; start one with \`tidegate up\``)
  }
  return new CliError(`no Tidegate answers at ${url}: ${messageOf(error)}`)
}

async function readJson<T>(url: string, answer: IncomingMessage): Promise<T> {
  const value = parse(await textOf(url, answer))
  if (value === undefined) throw new CliError(`what answers at ${url} is not Tidegate's admin API`)
  if (answer.statusCode === 200) return value as T
  const { detail, code } = value as ProblemDetails
  // A line a problem is a list, and no sentence that could end so.
  const message = detail.includes('\n') ? detail : `${detail} (${code})`
  throw new CliError(message, exitCodeOf(code))
}

async function textOf(url: string, answer: IncomingMessage): Promise<string> {
  let text = ''
  try {
    for await (const chunk of answer.setEncoding('utf8')) text += chunk
  } catch (error) {
    throw unreachable(url, error as Error)
  }
  return text
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The `data:` lines of server-sent events. Ends without an error when the connection breaks: the caller knows where it was. */
async function* readEvents(answer: IncomingMessage): AsyncGenerator<Event> {
  let rest = ''
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as Event
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw error
  }
}
