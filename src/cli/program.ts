import { Argument, Command, Option } from 'commander'
import { packageVersion } from '../app/version.ts'
import type { Scope } from '../core/access.ts'
import { CANARY_ACTIONS, type CanaryAction } from '../core/canary.ts'
import { TUNING_ACTIONS, type TuningAction } from '../core/tuning.ts'
import { type AdviseOptions, addAdvise } from './advise-commands.ts'
import { addAlicloud } from './alicloud-commands.ts'
import { duration, wholeNumber } from './arguments.ts'
import type { AdviseBillingOptions } from './commands/advise-billing.ts'
import type { AdviseTuningOptions } from './commands/advise-tuning.ts'
import { audit } from './commands/audit.ts'
import { canary } from './commands/canary.ts'
import { cost } from './commands/cost.ts'
import { drain } from './commands/drain.ts'
import { events } from './commands/events.ts'
import { explain, explainSince } from './commands/explain.ts'
import type { HistoryContext } from './commands/history.ts'
import type { InitOptions } from './commands/init.ts'
import { logs } from './commands/logs.ts'
import { DIRECTIONS, pause } from './commands/pause.ts'
import { ready } from './commands/ready.ts'
import { reload } from './commands/reload.ts'
import { replace } from './commands/replace.ts'
import type { ReplayOptions } from './commands/replay.ts'
import { resume } from './commands/resume.ts'
import { scale } from './commands/scale.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import { status } from './commands/status.ts'
import { watchStatus } from './commands/status-watch.ts'
import { token } from './commands/token.ts'
import { tuning } from './commands/tuning.ts'
import { upgrade } from './commands/upgrade.ts'
import { SCRIPTS, SHELLS, type Shell } from './completion/scripts.ts'
import type { Context, FileContext, FolderContext, WatchContext } from './context.ts'
import { addHistory } from './history-commands.ts'
import { addReplay } from './replay-commands.ts'
import { addShadow } from './shadow-commands.ts'
import { addSimulate } from './simulate-commands.ts'

export interface GlobalOptions {
  readonly config?: string
  readonly api?: string
  readonly tokenFile?: string
  readonly json?: true
}

export interface SandboxOptions {
  readonly port: number
  readonly speed: number
  readonly network: number
}

/** What the commands of this page run in; each resolves when its command has ended. */
export interface Runners {
  /** Commands that ask a running Tidegate. */
  api(options: GlobalOptions, run: (context: WatchContext) => Promise<number>): Promise<void>
  /** The one that looks by itself where there is nobody to ask. */
  plan(options: GlobalOptions): Promise<void>
  /** Commands that work on a file or by themselves. */
  local(command: LocalCommand, options: GlobalOptions, file: string | undefined): Promise<void>
  /** The one that ends all, with `balancers` load balancers too. */
  down(options: GlobalOptions, file: string | undefined, balancers: boolean): Promise<void>
  /** The one that needs no file. */
  sandbox(options: GlobalOptions & SandboxOptions): Promise<void>
  /** The one that needs a file only when that is to be simulated. */
  simulate(options: GlobalOptions, wishes: SimulateOptions): Promise<void>
  /** The one that reads the journal itself. */
  replay(options: GlobalOptions, wishes: ReplayOptions): Promise<void>
  adviseBilling(options: GlobalOptions, wishes: AdviseBillingOptions): Promise<void>
  adviseTuning(options: GlobalOptions, fleet: string | undefined, wishes: AdviseTuningOptions): Promise<void>
  /** The one that only reckons from figures, where no fleet of a file is named; without figures, from what was recorded. */
  adviseScaling(options: GlobalOptions, wishes: AdviseOptions): Promise<void>
  /** The one that writes a first configuration. */
  init(options: GlobalOptions, file: string | undefined, wishes: InitOptions): Promise<void>
  /** What completion scripts are: data. */
  print(text: string): void
  complete(program: Command, words: readonly string[]): Promise<void>
  /** Those that need the history, of what runs or of a state directory where nothing does. */
  history(options: GlobalOptions, run: (context: HistoryContext) => Promise<number>): Promise<void>
  /** Those that work on what a file says, whether anything runs or not. */
  settings(options: GlobalOptions, run: (context: FileContext) => Promise<number>): Promise<void>
  /** Those that need its state directory only, and so also where it has errors. */
  folder(options: GlobalOptions, run: (context: FolderContext) => Promise<number>): Promise<void>
}

export type LocalCommand = 'up' | 'gateway' | 'validate' | 'capabilities' | 'version'

/** Every command on one page. */
export function createProgram(runners: Runners): Command {
  const program = new Command('tidegate')
    .description('An elastic load balancer: carries traffic, and starts and retires the servers behind it.')
    .version(packageVersion(), '-V, --version')
    .option(
      '--config <file>',
      'the configuration; tells where the state and the API are (default: ./tidegate.yaml)',
    )
    .option('--api <url>', 'the admin API (default: as the configuration says, else http://127.0.0.1:9900)')
    .option(
      '--token-file <file>',
      'a file that holds a token for the admin API (default: TIDEGATE_TOKEN, else that of the state directory)',
    )
    .option('--json', 'print JSON')
    .configureHelp({ showGlobalOptions: true })
  addInit(program, runners)
  addLocalCommands(program, runners)
  addQuestions(program, runners)
  addLogs(program, runners)
  addOrders(program, runners)
  addAccess(program, runners)
  addCompletion(program, runners)
  addHistory(program, (run) => runners.history(program.opts(), run))
  addSimulate(program, (wishes) => runners.simulate(program.opts(), wishes))
  addShadow(program, (run) => runners.api(program.opts(), run))
  addReplay(program, (wishes) => runners.replay(program.opts(), wishes))
  addAdvise(program, {
    scaling: (wishes) => runners.adviseScaling(program.opts(), wishes),
    billing: (wishes) => runners.adviseBilling(program.opts(), wishes),
    tuning: (fleet, wishes) => runners.adviseTuning(program.opts(), fleet, wishes),
  })
  addAlicloud(program, (file, run) =>
    runners.settings({ ...program.opts(), ...(file !== undefined && { config: file }) }, run),
  )
  return program
}

function addInit(program: Command, runners: Runners): void {
  program
    .command('init')
    .description('write a first configuration; asks what no option says')
    .argument('[file]', 'what to write (default: --config, else ./tidegate.yaml)')
    .option('-y, --yes', 'ask nothing: the defaults, with an example server where no option names another')
    .option('--command <command>', 'a command that Tidegate starts as often as servers are needed')
    .option('--servers <addresses>', 'servers that run already, with commas: 10.0.0.7:8080,10.0.0.8:8080')
    .option('--port <port>', 'for the traffic (default: 8080)')
    .option('--min <count>', 'servers at least (default: 2)')
    .option('--max <count>', 'servers at most (default: 10)')
    .option('--health-path <path>', 'what a health check asks for; `tcp` = it only connects')
    .option('--from-health-check <file>', 'a health check as JSON, keys such as Check and URL; - = stdin')
    .option('--force', 'overwrite the file')
    .action((file: string | undefined, wishes: InitOptions) => runners.init(program.opts(), file, wishes))
}

const FILE = ['[file]', 'the configuration (default: --config, else ./tidegate.yaml)'] as const

function addLocalCommands(program: Command, runners: Runners): void {
  const add = (name: LocalCommand, description: string): void => {
    program
      .command(name)
      .description(description)
      .argument(...FILE)
      .action((file: string | undefined) => runners.local(name, program.opts(), file))
  }
  add('up', 'start the gateway, the controller and the servers, and watch over them until Ctrl-C')
  program
    .command('down')
    .description('drain and stop all that the state directory owns')
    .argument(...FILE)
    .option('--balancers', 'delete the load balancers that were created for the file, too')
    .action((file: string | undefined, { balancers = false }: { balancers?: boolean }) =>
      runners.down(program.opts(), file, balancers),
    )
  add('gateway', 'run a gateway alone')
  program
    .command('upgrade')
    .description('start the gateway anew, as it is installed now, without losing a connection')
    .option('--drain <duration>', 'how long connections of the former one may go on', '10m')
    .action(({ drain }: { drain: string }) =>
      runners.folder(program.opts(), (context) => upgrade(context, drain)),
    )
  add('validate', 'check a configuration and list every problem')
  program
    .command('sandbox')
    .description('a local Alibaba Cloud to try and test with: its API, and its servers as processes')
    .option('--port <port>', 'on loopback; 0 = any', wholeNumber(0, 65_535), 9910)
    .option(
      '--speed <factor>',
      'how many times faster than the cloud’s documented times',
      wholeNumber(1, 100),
      1,
    )
    .option(
      '--network <n>',
      'its servers and load balancers have addresses in 127.n.0.0/16, so that several fit on one machine',
      wholeNumber(1, 254),
      10,
    )
    .action((options: SandboxOptions) => runners.sandbox({ ...program.opts(), ...options }))
  program
    .command('capabilities')
    .description('what the gateway can do, and who can do what it cannot')
    .action(() => runners.local('capabilities', program.opts(), undefined))
  program
    .command('version')
    .description('print the version')
    .action(() => runners.local('version', program.opts(), undefined))
}

function addQuestions(program: Command, runners: Runners): void {
  const api = (run: (context: WatchContext) => Promise<number>) => runners.api(program.opts(), run)
  program
    .command('status')
    .description('fleets, servers and pools as they are now')
    .option('-w, --watch', 'again each second, until Ctrl-C')
    .action(({ watch = false }: { watch?: boolean }) => api(watch ? watchStatus : status))
  program
    .command('plan')
    .description(
      'what would be done next, and by `up` where nothing runs; exit code 0 = nothing, 3 = something',
    )
    .action(() => runners.plan(program.opts()))
  program
    .command('explain')
    .description('why a fleet has as many servers as it has, and why not another number')
    .argument('[fleet]', 'all when left out')
    .option('--since <instant>', 'how it differs from other ways to scale since then, such as -1d')
    .action((fleet: string | undefined, { since }: { since?: string }) =>
      api((context) => (since === undefined ? explain(context, fleet) : explainSince(context, fleet, since))),
    )
  program
    .command('cost')
    .description('what fleets cost and have cost, beside a fixed fleet and the least possible')
    .argument('[fleet]', 'all when left out')
    .option('--since <instant>', 'from when on, or how far back to look; 60d at most', '24h')
    .action((fleet: string | undefined, { since }: { since: string }) =>
      api((context) => cost(context, { fleet, since })),
    )
  program
    .command('events')
    .description('the newest events, a line each')
    .option('-f, --follow', 'and those to come, until Ctrl-C')
    .option('-n, --lines <count>', 'how many to begin with', wholeNumber(1, 500), 20)
    .action(({ follow = false, lines }: { follow?: boolean; lines: number }) =>
      api((context) => events(context, { follow, lines })),
    )
}

function addLogs(program: Command, runners: Runners): void {
  program
    .command('logs')
    .description('what servers have written, or the gateway, the controller, or the log of requests')
    .argument('[log...]', 'servers, fleets, access, gateway or controller (default: every server)')
    .option('-f, --follow', 'and what is to come, until Ctrl-C')
    .option('-n, --lines <count>', 'how many of each to begin with', wholeNumber(0, 100_000), 20)
    .action((names: string[], { follow = false, lines }: { follow?: boolean; lines: number }) =>
      runners.folder(program.opts(), (context) => logs(context, { names, lines, follow })),
    )
}

function addAccess(program: Command, runners: Runners): void {
  program
    .command('audit')
    .description('who changed what through the API, from what and to what')
    .option('-n, --lines <count>', 'how many', wholeNumber(1, 500), 20)
    .action(({ lines }: { lines: number }) => runners.api(program.opts(), (context) => audit(context, lines)))
  program
    .command('token')
    .description('make a token for the admin API; it is printed once, and admin.tokens keeps its hash')
    .argument('<name>', 'who is to hold it')
    .addOption(new Option('--scope <scope>', 'what it allows').choices(['read', 'operate']).default('read'))
    .action((name: string, { scope }: { scope: Scope }) =>
      runners.settings(program.opts(), (context) => token(context, { name, scope })),
    )
}

function addCompletion(program: Command, runners: Runners): void {
  program
    .command('completion')
    .description(
      'print what makes a shell complete commands, options and names; the text says where to put it',
    )
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => runners.print(SCRIPTS[shell]))
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => runners.complete(program, words))
}

function addOrders(program: Command, runners: Runners): void {
  const api = (run: (context: Context) => Promise<number>) => runners.api(program.opts(), run)
  program
    .command('reload')
    .description('load the configuration anew; a bad one is refused and the old one stays')
    .action(() => api(reload))
  program
    .command('drain')
    .description('take a server out of every pool, until `ready`')
    .argument('<server>')
    .action((server: string) => api((context) => drain(context, server)))
  program
    .command('ready')
    .description('let a drained server serve again')
    .argument('<server>')
    .action((server: string) => api((context) => ready(context, server)))
  program
    .command('pause')
    .description('stop scaling a fleet, until `resume`')
    .argument('<fleet>')
    .addOption(new Option('--direction <direction>').choices(DIRECTIONS).default('both'))
    .action((fleet: string, { direction }: { direction: (typeof DIRECTIONS)[number] }) =>
      api((context) => pause(context, fleet, direction)),
    )
  program
    .command('resume')
    .description('scale a fleet by its policies again')
    .argument('<fleet>')
    .action((fleet: string) => api((context) => resume(context, fleet)))
  program
    .command('replace')
    .description('put a new server in the place of each that there is now, one batch after another')
    .argument('<fleet>')
    .action((fleet: string) => api((context) => replace(context, fleet)))
  program
    .command('canary')
    .description('promote a canary, abort it, hold it where it is, or let it go on')
    .argument('<canary>')
    .addArgument(new Argument('<action>', 'what to do').choices(CANARY_ACTIONS))
    .action((name: string, action: CanaryAction) => api((context) => canary(context, name, action)))
  program
    .command('tuning')
    .description('apply what is proposed for a fleet’s settings, take it back, hold it, or let it go on')
    .argument('<fleet>')
    .addArgument(new Argument('<action>', 'what to do').choices(TUNING_ACTIONS))
    .action((fleet: string, action: TuningAction) => api((context) => tuning(context, fleet, action)))
  program
    .command('scale')
    .description('want exactly this many servers, inside min and max, for a time')
    .argument('<fleet>')
    .argument('<count>', 'how many', wholeNumber(0, 100_000))
    .addOption(new Option('--for <duration>', 'how long').argParser(duration).default(3_600_000, '1h'))
    .action((fleet: string, desired: number, options: { for: number }) =>
      api((context) => scale(context, fleet, { desired, forMs: options.for })),
    )
}
