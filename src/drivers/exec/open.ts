import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Opened } from '../../core/driver.ts'
import type { Fleet, LaunchReceipt, LaunchRequest, Server } from '../../core/fleet.ts'
import type { Clock, Host, Millis } from '../../core/time.ts'
import { readList } from './answer.ts'
import { type CommandName, type ExecConfig, readTemplate } from './config.ts'
import { type About, environmentFor, lastLine, PROTOCOL } from './environment.ts'
import { Lists } from './lists.ts'
import { faultOf, faultOfAnswer, type Outcome, receiptOf } from './outcome.ts'
import { run } from './run.ts'

/** A server that is still listed as running so long after its retirement is shown as what it is, and so retired again. */
const RETIRING_MS = 600_000
/** Receipts kept, so that a token asked twice needs no script. */
const KEEP_RECEIPTS = 1_000

/** Opens a fleet of a user's own commands. Closing it kills the commands that run, and no server. */
export async function openExec(config: ExecConfig, fleet: string, host: Host): Promise<Opened> {
  const folder = join(host.stateDir, 'exec', fleet)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const closing = new AbortController()
  const commands = new Commands(config, { installation: host.installation, fleet, folder }, host.clock)
  return {
    fleet: new ExecFleet(commands, host.clock, closing.signal),
    async [Symbol.asyncDispose]() {
      closing.abort()
      await commands.idle()
    },
  }
}

/** Runs the commands of one fleet, each with its environment, its input and its time. */
class Commands {
  readonly config: ExecConfig
  readonly #about: About
  readonly #clock: Clock
  readonly #running = new Set<Promise<unknown>>()

  constructor(config: ExecConfig, about: About, clock: Clock) {
    this.config = config
    this.#about = about
    this.#clock = clock
  }

  /** What every token of this fleet begins with. */
  get tokens(): string {
    return `${this.#about.installation}.${this.#about.fleet}.`
  }

  list(signal: AbortSignal): Promise<Outcome> {
    return this.#run('list', this.config.list, {}, signal)
  }

  launch({ template, ...request }: LaunchRequest, signal: AbortSignal): Promise<Outcome> {
    const { launch, template: own } = readTemplate(template)
    return this.#run('launch', launch, { ...request, template: own }, signal)
  }

  change(name: 'retire' | 'confirm', ids: readonly string[], signal: AbortSignal): Promise<Outcome> {
    return this.#run(name, this.config[name] ?? [], { ids }, signal)
  }

  /** Resolves when no command runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  async #run(
    name: CommandName,
    command: readonly string[],
    input: object,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { installation, fleet } = this.#about
    const { cwd, env: own, timeoutMs } = this.config
    const launch = name === 'launch' ? (input as LaunchRequest) : undefined
    const call = {
      command,
      cwd,
      env: environmentFor(name, this.config, this.#about, launch),
      input: `${JSON.stringify({ protocol: PROTOCOL, command: name, installation, fleet, ...input })}\n`,
      timeoutMs: timeoutMs[name],
    }
    const running = run(call, this.#clock, signal)
    this.#running.add(running)
    const { ending, stdout, stderr } = await running.finally(() => this.#running.delete(running))
    return { name, ending, stdout, says: lastLine(stderr, own), timeoutMs: timeoutMs[name] }
  }
}

class ExecFleet implements Fleet {
  readonly freshForMs: Millis
  readonly #commands: Commands
  readonly #clock: Clock
  readonly #closing: AbortSignal
  readonly #lists: Lists
  readonly #receipts = new Map<string, Promise<LaunchReceipt>>()
  /** When each server was retired: a script may not know that one is on its way out. */
  readonly #retiredAt = new Map<string, Millis>()

  constructor(commands: Commands, clock: Clock, closing: AbortSignal) {
    const { freshForMs } = commands.config
    this.freshForMs = freshForMs
    this.#commands = commands
    this.#clock = clock
    this.#closing = closing
    this.#lists = new Lists(() => this.#read(), clock, freshForMs)
  }

  async list(signal: AbortSignal): Promise<{ servers: readonly Server[]; at: Millis }> {
    signal.throwIfAborted()
    const { servers, at } = await this.#lists.recent(signal)
    return { servers: servers.map((server) => this.#asRetired(server)), at }
  }

  async launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    signal.throwIfAborted()
    const known = this.#receipts.get(request.token)
    if (known) return await known
    const receipt = this.#launch(request, this.#over(signal))
    this.#receipts.set(request.token, receipt)
    // One that failed may be tried again.
    receipt.catch(() => this.#receipts.delete(request.token))
    const [oldest] = this.#receipts.keys()
    if (this.#receipts.size > KEEP_RECEIPTS && oldest) this.#receipts.delete(oldest)
    return await receipt
  }

  async confirm(ids: readonly string[], signal: AbortSignal): Promise<void> {
    if (this.#commands.config.confirm) await this.#change('confirm', ids, signal)
  }

  async retire(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const there = await this.#change('retire', ids, signal)
    for (const id of there) this.#retiredAt.set(id, this.#clock.now())
  }

  async #read(): Promise<readonly Server[]> {
    const outcome = await this.#commands.list(this.#closing)
    const failure = faultOf(outcome)
    if (failure) throw failure
    const answer = readList(outcome.stdout, this.#commands.tokens)
    if (!answer.ok) throw faultOfAnswer('list', answer.problem)
    const ids = new Set(answer.value.map(({ id }) => id))
    for (const id of this.#retiredAt.keys()) if (!ids.has(id)) this.#retiredAt.delete(id)
    return answer.value
  }

  /** Servers that carry the token already are its servers, however many: a controller before us may have lost the answer. */
  async #launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    const { token, count } = request
    const { servers } = await this.#lists.current(signal)
    const ids = servers.filter((server) => server.token === token).map(({ id }) => id)
    if (ids.length >= count) return { token, ids }
    if (ids.length > 0)
      return { token, ids, why: `${ids.length} of ${count} had been launched before the answer was lost` }
    try {
      return receiptOf(request, await this.#commands.launch(request, signal))
    } finally {
      this.#lists.changed()
    }
  }

  /** Of the servers that are there. Gives their ids. */
  async #change(
    name: 'retire' | 'confirm',
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    signal.throwIfAborted()
    const over = this.#over(signal)
    const { servers } = await this.#lists.current(over)
    const there = ids.filter((id) => servers.some((server) => server.id === id))
    if (there.length === 0) return there
    try {
      const failure = faultOf(await this.#commands.change(name, there, over))
      if (failure) throw failure
    } finally {
      this.#lists.changed()
    }
    return there
  }

  #asRetired(server: Server): Server {
    const at = this.#retiredAt.get(server.id)
    const isRunning = server.phase === 'running' || server.phase === 'launching'
    if (at === undefined || !isRunning || this.#clock.now() - at > RETIRING_MS) return server
    return { ...server, phase: 'retiring' }
  }

  #over(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing])
  }
}
