import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Say } from '../../words/translate.ts'
import { CliError } from '../errors.ts'
import type { Draft, FleetDraft, ServersDraft } from './draft.ts'
import type { HealthDraft } from './health-check.ts'
import { commandWords } from './words.ts'

/** Whoever sits at the terminal. */
export interface Prompt extends Disposable {
  /** The line that was typed. Rejects on Ctrl-C and at the end of the input. */
  ask(question: string): Promise<string>
  say(text: string): void
}

/** The same, in the reader's language. */
export function promptIn(prompt: Prompt | null, say: Say): Prompt | null {
  return (
    prompt && {
      ask: (question) => prompt.ask(say(question)),
      say: (text) => prompt.say(say(text)),
      [Symbol.dispose]: () => prompt[Symbol.dispose](),
    }
  )
}

/** What the command line has said already. */
export interface Wishes {
  readonly command?: string
  readonly servers?: string
  readonly port?: string
  readonly min?: string
  readonly max?: string
  readonly healthPath?: string
}

interface Question<T> {
  readonly text: string
  /** The option that answers it too. */
  readonly option: string
  readonly said: string | undefined
  readonly otherwise: string
  /** Throws an Error that says what was expected. */
  read(answer: string): T
}

/** What the new file is to say: by the options, else by whoever is asked, else by the defaults. */
export async function draftOf(
  wishes: Wishes,
  given: HealthDraft | null,
  prompt: Prompt | null,
): Promise<Draft> {
  const put = <T>(question: Question<T>) => answer(question, prompt)
  const kind = await kindOf(wishes, put)
  const runs =
    kind === 'command'
      ? { kind, command: await askCommand(wishes, put) }
      : { kind, addresses: await askServers(wishes, put) }
  const port = await put({
    text: 'Port for the traffic',
    option: '--port',
    said: wishes.port,
    otherwise: '8080',
    read: (text) => whole(text, 1, 65_535),
  })
  const sized: FleetDraft | ServersDraft =
    runs.kind === 'command' ? { ...runs, ...(await askSizes(wishes, put)) } : runs
  const example = runs.kind === 'command' && runs.command.join() === EXAMPLE.join()
  return { port, health: given ?? (await askHealth(wishes, example, put)), runs: sized }
}

type Put = <T>(question: Question<T>) => Promise<T>

async function answer<T>(question: Question<T>, prompt: Prompt | null): Promise<T> {
  const { text, option, said, otherwise, read } = question
  if (said !== undefined || prompt === null) {
    try {
      return read(said ?? otherwise)
    } catch (error) {
      throw new CliError(`${option}: ${(error as Error).message}`, 2)
    }
  }
  for (;;) {
    const typed = (await prompt.ask(`${text} [${otherwise}]: `)).trim()
    try {
      return read(typed === '' ? otherwise : typed)
    } catch (error) {
      prompt.say((error as Error).message)
    }
  }
}

async function kindOf({ command, servers }: Wishes, put: Put): Promise<'command' | 'servers'> {
  if (command !== undefined && servers !== undefined)
    throw new CliError('--command and --servers: expected one of them', 2)
  if (command !== undefined) return 'command'
  if (servers !== undefined) return 'servers'
  return put({
    text: 'What answers requests: a command that Tidegate starts (c), or servers that run already (s)',
    option: '--command',
    said: undefined,
    otherwise: 'c',
    read: (text) => {
      if (/^c(ommand)?$/i.test(text)) return 'command'
      if (/^s(ervers?)?$/i.test(text)) return 'servers'
      throw new Error(`expected c or s, got "${text}"`)
    },
  })
}

/** A server to try with, which is part of Tidegate. */
const EXAMPLE: readonly string[] = [
  'node',
  fileURLToPath(
    ['../../../examples/server.ts', '../../../examples/server.js']
      .map((path) => new URL(path, import.meta.url))
      .find((url) => existsSync(url)) ?? new URL('../../../examples/server.js', import.meta.url),
  ),
]
const EXAMPLE_WORD = 'example'

function askCommand({ command }: Wishes, put: Put): Promise<readonly string[]> {
  return put({
    text: 'Its command; it listens on the port in the variable PORT (example = a server to try with)',
    option: '--command',
    said: command,
    otherwise: EXAMPLE_WORD,
    read: (text) => {
      const words = text === EXAMPLE_WORD ? EXAMPLE : commandWords(text)
      if (words === null) throw new Error('expected a command such as `node server.js`, with quotes in pairs')
      return words
    },
  })
}

function askServers({ servers }: Wishes, put: Put): Promise<readonly string[]> {
  return put({
    text: 'Their addresses, with commas between them',
    option: '--servers',
    said: servers,
    otherwise: '127.0.0.1:3000',
    read: (text) => {
      const addresses = text.split(/[\s,]+/).filter(Boolean)
      const odd = addresses.find((address) => !/^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(address))
      if (odd !== undefined || addresses.length === 0)
        throw new Error(`expected addresses such as 10.0.0.7:8080, got "${odd ?? text}"`)
      return addresses
    },
  })
}

async function askSizes(wishes: Wishes, put: Put): Promise<{ min: number; max: number }> {
  const min = await put({
    text: 'Servers at least',
    option: '--min',
    said: wishes.min,
    otherwise: '2',
    read: (text) => whole(text, 0, 10_000),
  })
  const max = await put({
    text: 'Servers at most',
    option: '--max',
    said: wishes.max,
    otherwise: String(Math.max(10, min)),
    read: (text) => whole(text, Math.max(1, min), 10_000),
  })
  return { min, max }
}

function askHealth(wishes: Wishes, example: boolean, put: Put): Promise<HealthDraft> {
  const times = { intervalMs: 15_000, timeoutMs: 5_000, unhealthy: 3, healthy: 2 }
  return put({
    text: 'Path that a healthy server answers with 200 (tcp = it is enough that it takes connections)',
    option: '--health-path',
    said: wishes.healthPath,
    otherwise: example ? '/health' : '/',
    read: (text) => {
      if (text === 'tcp') return { type: 'tcp', path: null, ...times }
      if (!text.startsWith('/')) throw new Error(`expected a path such as /health, or tcp, got "${text}"`)
      return { type: 'http', path: text, ...times }
    },
  })
}

function whole(text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new Error(`expected a whole number from ${min} to ${max}, got "${text}"`)
}
