import { chmod, mkdir, stat, unlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { NOW_HEADER } from '../../../core/control.ts'
import { asFault, Fault, type FaultCode } from '../../../core/fault.ts'
import type { Logger } from '../../../core/time.ts'
import { now } from '../process.ts'
import { answerCall, type Controlled } from './calls.ts'

const MAX_BODY_BYTES = 4 * 1024 * 1024
const HEAD_MS = 10_000
/** For answers under way when their socket closes. */
const GRACE_MS = 500
/** Where Windows keeps named pipes: they are no files, and leave nothing behind. */
const PIPES = '\\\\.\\pipe\\'

/** Answers core/control.ts on a Unix socket that only its owner may open. */
export class Control {
  readonly #gateway: Controlled
  readonly #log: Logger
  #server: Server | null = null
  /** They listen no more, but may owe an answer: of an upgrade, say, to who has asked for it. */
  readonly #left = new Map<Server, Promise<void>>()

  constructor(gateway: Controlled, log: Logger) {
    this.#gateway = gateway
    this.#log = log
  }

  /** Throws Fault `store.busy` when another gateway answers there. */
  async open(path: string): Promise<void> {
    const isFile = !path.startsWith(PIPES)
    if (isFile) await claimPath(path)
    else if (await answers(path)) throw refused(`another gateway answers on ${path}`)
    const server = createServer({ requestTimeout: HEAD_MS, headersTimeout: HEAD_MS }, (request, response) => {
      void answer(request, response, this.#gateway).catch((error) => {
        this.#log.warn(`control socket: ${asFault(error).message}`)
        response.destroy()
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    this.#server = server
    if (isFile) await chmod(path, 0o600)
  }

  /** Answers there from now on. The path before is free at once; what has been asked there is answered still. */
  async moveTo(path: string): Promise<void> {
    this.#leave()
    await this.open(path)
  }

  /** Nothing more is asked where it was before. */
  settle(): void {
    const left = [...this.#left.keys()]
    const end = (): void => {
      for (const server of left) server.closeAllConnections()
    }
    setTimeout(end, GRACE_MS).unref()
  }

  async close(): Promise<void> {
    this.#leave()
    this.settle()
    await Promise.all(this.#left.values())
  }

  #leave(): void {
    const server = this.#server
    if (server === null) return
    this.#server = null
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    this.#left.set(
      server,
      closed.then(() => void this.#left.delete(server)),
    )
    server.closeIdleConnections()
  }
}

/** Makes room for the socket: a file that nobody answers on is the rest of a killed gateway. */
async function claimPath(path: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const owner = (await stat(folder)).uid
  const own = process.getuid?.() ?? owner
  if (own !== 0 && owner !== own) throw refused(`${folder} belongs to another user`)
  if (await answers(path)) throw refused(`another gateway answers on ${path}`)
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

function refused(message: string): Fault {
  return new Fault('store.busy', message, { source: 'user', retry: 'no' })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  gateway: Controlled,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://gateway')
    const body = await readBody(request)
    send(
      response,
      200,
      (await answerCall(gateway, `${request.method} ${url.pathname}`, url.searchParams, body)) ?? {},
    )
  } catch (error) {
    const { code, message } = asFault(error)
    send(response, statusOf(code), { code, message })
  }
}

function statusOf(code: FaultCode): number {
  switch (code) {
    case 'balancer.stale-epoch':
      return 409
    case 'balancer.unknown-pool':
    case 'not-found':
      return 404
    case 'request.invalid':
      return 400
    case 'internal':
      return 500
    default:
      return 422
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': text.length,
    [NOW_HEADER]: now(),
  })
  response.end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) {
      const message = `the body is over ${MAX_BODY_BYTES} bytes`
      throw new Fault('request.invalid', message, { source: 'user', retry: 'no' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
