import { Agent, type RequestOptions, request } from 'node:http'
import { type ControlError, NOW_HEADER } from '../../core/control.ts'
import { FAULTS, Fault, type FaultCode, messageOf } from '../../core/fault.ts'
import type { Millis } from '../../core/time.ts'

/** Above the gateway's own limit for a worker's acknowledgement, so that the gateway gives up first and says why. */
const TIMEOUT_MS = 30_000
const MAX_SOCKETS = 8

/** One call to the control socket: `call('PUT', '/members', body, signal)`. Throws Fault. */
type Call<T> = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body: unknown,
  signal: AbortSignal,
) => Promise<T>

/** What was answered, and what the gateway's clock showed then; null = it is older than this and does not say. */
export interface Said {
  readonly value: unknown
  readonly saidAt: Millis | null
}

export interface Calls {
  readonly call: Call<unknown>
  readonly ask: Call<Said>
  close(): void
}

export function openCalls(controlPath: string): Calls {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, timeout: TIMEOUT_MS })
  const ask: Call<Said> = async (method, path, body, signal) => {
    const text = body === null ? '' : JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const options = { socketPath: controlPath, agent, method, path, headers, signal, timeout: TIMEOUT_MS }
    const answer = await exchange(options, text)
    if (answer.status === 200) return { value: parsed(answer.text), saidAt: answer.saidAt }
    throw faultOf(parsed(answer.text) as Partial<ControlError>)
  }
  return { ask, call: async (...about) => (await ask(...about)).value, close: () => agent.destroy() }
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly saidAt: Millis | null
}

function exchange(options: RequestOptions, text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', (error) => reject(unreachable(error)))
      const said = Number(response.headers[NOW_HEADER])
      const saidAt = Number.isFinite(said) ? said : null
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), saidAt }),
      )
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
    sent.on('error', (error) => reject(unreachable(error)))
    sent.end(text)
  })
}

/** Every call may be repeated: they say what is to be, not what is to change. */
function unreachable(error: Error): Fault {
  return new Fault('balancer.unreachable', `the gateway does not answer: ${error.message}`, {
    source: 'network',
    retry: 'yes',
    cause: error,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `the gateway's answer is not JSON: ${messageOf(error)}`
    throw new Fault('balancer.refused', message, { source: 'internal', retry: 'no', cause: error })
  }
}

function faultOf(error: Partial<ControlError>): Fault {
  const code = Object.hasOwn(FAULTS, error.code ?? '') ? (error.code as FaultCode) : 'balancer.refused'
  const passing = code === 'balancer.unknown-pool' || code === 'port.taken'
  const source = code === 'internal' || code === 'balancer.stale-epoch' ? 'internal' : 'user'
  return new Fault(code, error.message ?? FAULTS[code], { source, retry: passing ? 'yes' : 'no' })
}
