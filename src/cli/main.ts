import { userInfo } from 'node:os'
import { text } from 'node:stream/consumers'
import { type Command, CommanderError } from 'commander'
import { systemClock } from '../app/clock.ts'
import { Fault, messageOf } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import type { Millis } from '../core/time.ts'
import { sayIn } from '../words/say.ts'
import type { Say } from '../words/translate.ts'
import { adviceRunners } from './advice-runners.ts'
import { httpClient } from './client.ts'
import { capabilities } from './commands/capabilities.ts'
import { type CompleteTools, complete } from './commands/complete.ts'
import { init } from './commands/init.ts'
import { plan, planAhead } from './commands/plan.ts'
import type { ReplayOptions } from './commands/replay.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import { validate } from './commands/validate.ts'
import { version } from './commands/version.ts'
import type { Context, FileContext } from './context.ts'
import { CliError, exitCodeOf } from './errors.ts'
import { helpIn } from './help.ts'
import { promptIn } from './init/questions.ts'
import { terminalPrompt } from './init/terminal.ts'
import { DEFAULT_FILE, isIdle, locateFolder, settingsOf } from './locate.ts'
import { clientOf, type Io, type Outer, pastOf, settingsFor } from './outer.ts'
import { type Output, outputTo } from './output.ts'
import {
  createProgram,
  type GlobalOptions,
  type LocalCommand,
  type Runners,
  type SandboxOptions,
} from './program.ts'
import { terminalScreen } from './screen.ts'

/** Runs a command line, without the program's name. Resolves with the exit code: 0 ok, 1 error, 2 usage or invalid
 *  configuration, 3 `plan` has changes or `replay` differs, 130 interrupted. */
export async function main(argv: readonly string[], io: Io = systemIo()): Promise<number> {
  const say = sayIn(io.env)
  const out = outputTo(io, say)
  let exitCode = 0
  const started: { signal?: AbortSignal } = {}
  const begin = (): AbortSignal => (started.signal ??= io.interruption())
  const outer: Outer = { io, out, begin }
  const api: Runners['api'] = async (options, run) => {
    const signal = begin()
    const connect = (note: Output['note']) => clientOf(options, io, { note, signal })
    const about = { out, json: options.json ?? false, clock: io.clock, signal }
    const client = await connect(out.note)
    exitCode = await run({ ...about, client, connect: () => connect(() => {}), screen: io.screen })
  }
  const runners: Runners = {
    api,
    history: async (options, run) => {
      const settings = await settingsOf(options, io.load)
      const about = { out, json: options.json ?? false, clock: io.clock }
      const { readRange, withDesk } = pastOf(options, settings, outer)
      exitCode = await withDesk((desk) => run({ ...about, readRange, desk }))
    },
    plan: async (options) => {
      const settings = await settingsOf(options, io.load)
      if (settings === null || options.api !== undefined || !isIdle(settings)) return api(options, plan)
      const about = { out, json: options.json ?? false, clock: io.clock, signal: begin() }
      exitCode = await runPlan(settings, about)
    },
    init: async ({ config, json = false }, file, wishes) => {
      const signal = begin()
      const tools = { ...io, prompt: () => promptIn(io.prompt(signal), say), out, json }
      exitCode = await init(file ?? config ?? DEFAULT_FILE, wishes, tools)
    },
    print: io.stdout,
    complete: async (program, words) => void (exitCode = await complete(program, words, completeTools(io))),
    local: async (command, options, file) =>
      void (exitCode = await runLocal(command, { options, file, io, out })),
    down: async (options, file, balancers) => void (exitCode = await runDown(options, file, balancers)),
    sandbox: async (options) => void (exitCode = await runSandbox(options)),
    simulate: async (options, wishes) => void (exitCode = await runSimulate(options, wishes, outer)),
    replay: async (options, wishes) => void (exitCode = await runReplay(options, wishes, outer)),
    ...adviceRunners(outer, (code) => void (exitCode = code)),
    settings: async (options, run) => {
      const settings = await settingsFor(options, io)
      exitCode = await run(fileContext(settings, { options, io, out, signal: begin() }))
    },
    folder: async (options, run) => {
      const place = await locateFolder(options, { load: io.load, note: out.note })
      exitCode = await run({ ...place, out, json: options.json ?? false, clock: io.clock, signal: begin() })
    },
  }
  const program = createProgram(runners)
  speak(program, io, say)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return started.signal?.aborted ? 130 : failed(error, out)
  }
}

async function runPlan(settings: Settings, about: Omit<Context, 'client'>): Promise<number> {
  const { lookAhead } = await import('../app/look-ahead.ts')
  return planAhead(await lookAhead(settings, about), about)
}

async function runDown(
  { config, json }: GlobalOptions,
  file: string | undefined,
  balancers: boolean,
): Promise<number> {
  const { down } = await import('../app/down.ts')
  return await down({ file: file ?? config ?? DEFAULT_FILE, json: json ?? false, balancers })
}

async function runSandbox(options: GlobalOptions & SandboxOptions): Promise<number> {
  return (await import('../app/sandbox.ts')).runSandbox({ ...options, json: options.json ?? false })
}

async function runSimulate(options: GlobalOptions, wishes: SimulateOptions, outer: Outer): Promise<number> {
  const { io, out } = outer
  const { simulate } = await import('./commands/simulate.ts')
  const past = async () => {
    const settings = await settingsOf(options, io.load)
    return { settings, ...pastOf(options, settings, outer) }
  }
  const about = { out, json: options.json ?? false, clock: io.clock, past }
  return simulate(wishes, { ...about, settings: () => settingsFor(options, io) })
}

async function runReplay(options: GlobalOptions, wishes: ReplayOptions, outer: Outer): Promise<number> {
  const { io, out } = outer
  const settings = await settingsFor(options, io)
  const { replay } = await import('./commands/replay.ts')
  const { withDesk } = pastOf(options, settings, outer)
  return await replay(wishes, { out, json: options.json ?? false, clock: io.clock, settings, withDesk })
}

function fileContext(
  settings: Settings,
  {
    options,
    io,
    out,
    signal,
  }: {
    readonly options: GlobalOptions
    readonly io: Io
    readonly out: Output
    readonly signal: AbortSignal
  },
): FileContext {
  const prompt = () => promptIn(io.prompt(signal), out.say)
  return { settings, out, json: options.json ?? false, clock: io.clock, signal, prompt }
}

function completeTools(io: Io): CompleteTools {
  return { withClient: briefly(io), print: io.stdout }
}

const BRIEF_MS = 1500

/** For whoever waits at a prompt: gives up soon. */
function briefly(io: Io): CompleteTools['withClient'] {
  return async (options, ask) => {
    const over = new AbortController()
    const end = () => over.abort()
    void io.clock.sleep(BRIEF_MS, over.signal).then(end, end)
    try {
      return await ask(await clientOf(options, io, { note: () => {}, signal: over.signal }))
    } finally {
      end()
    }
  }
}

interface LocalRun {
  readonly options: GlobalOptions
  readonly file: string | undefined
  readonly io: Io
  readonly out: Output
}

/** The composition roots load only when they are asked for: `tidegate status` needs none of them. */
async function runLocal(command: LocalCommand, { options, file: named, io, out }: LocalRun): Promise<number> {
  const { config = DEFAULT_FILE, json = false } = options
  const file = named ?? config
  switch (command) {
    case 'up':
      return (await import('../app/up.ts')).up({ file, json })
    case 'gateway':
      return (await import('../app/gateway.ts')).runGateway({ file })
    case 'validate':
      return validate(file, { ...io, windowsOf, now: io.clock.now(), out, json })
    case 'capabilities':
      return capabilities({ out, json })
    case 'version':
      return version({ out, json })
    default:
      return command satisfies never
  }
}

async function windowsOf(settings: Settings, now: Millis) {
  return (await import('../app/windows.ts')).windowsOfFleets(settings, now)
}

/** Help and complaints of commander go where ours do, in the same language. */
function speak(program: Command, io: Io, say: Say): void {
  for (const command of everyCommand(program))
    command
      .exitOverride()
      .configureHelp(helpIn(say))
      .configureOutput({
        writeOut: (text) => io.stdout(say(text)),
        writeErr: (text) => io.stderr(say(text)),
      })
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

function failed(error: unknown, out: Output): number {
  // Commander has already said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  out.note(messageOf(error))
  if (error instanceof Fault) return exitCodeOf(error.code)
  return error instanceof CliError ? error.exitCode : 1
}

function systemIo(): Io {
  // `tidegate events | head` closes the pipe: that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const clock = systemClock()
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    color: process.stdout.isTTY && !process.env.NO_COLOR,
    isTerminal: process.stderr.isTTY,
    clock,
    load: async (file) => (await import('../config/load.ts')).loadSettings(file, process.env, clock.now()),
    checkText: async (content, file) =>
      (await import('../config/load.ts')).checkSettings(content, file, {
        env: process.env,
        now: clock.now(),
      }),
    screen: terminalScreen,
    prompt: terminalPrompt,
    readStdin: () => text(process.stdin),
    env: process.env,
    connect: (place, signal) => httpClient(place, { by: `cli:${userName()}`, signal }),
    interruption: () => {
      const controller = new AbortController()
      process.once('SIGINT', () => controller.abort())
      return controller.signal
    },
  }
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
