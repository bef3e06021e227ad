import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ApiPlace, localApi } from '../app/terminal.ts'
import { errorLines } from '../config/problems.ts'
import { DEFAULT_ADMIN } from '../core/api.ts'
import type { Bind } from '../core/balancer.ts'
import type { Problem, Settings } from '../core/settings.ts'
import { CliError } from './errors.ts'

export const DEFAULT_FILE = './tidegate.yaml'

type Loaded =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly stateDir: string }
export type LoadSettings = (file: string) => Promise<Loaded>
/** What loading a file of this text would give. */
export type CheckText = (text: string, file: string) => Promise<Loaded>

interface Tools {
  readonly load: LoadSettings
  readonly note: (text: string) => void
}

/** Where the admin API answers: as told, else where the configuration's state directory says, else the default.
 *  The token of a state directory goes nowhere else. */
export async function locateApi(options: { api?: string; config?: string }, tools: Tools): Promise<ApiPlace> {
  if (options.api !== undefined) return { url: checkedUrl(options.api), token: null }
  const file = options.config ?? DEFAULT_FILE
  if (options.config === undefined && !existsSync(file)) return placeOf(DEFAULT_ADMIN)
  const loaded = await tools.load(file)
  if (loaded.ok) return placeOfSettings(file, loaded.settings)
  // A file with errors must not keep its owner from looking at what runs, but nothing else may be asked by mistake.
  const running = localApi(loaded.stateDir)
  const problems = errorLines(loaded.problems).join('\n')
  if (running?.file !== resolve(file))
    throw new CliError(`${problems}\nto ask what runs all the same: --api URL`, 2)
  tools.note(`${file} has errors (\`tidegate validate ${file}\` lists them); asking what runs`)
  return running
}

/** Where a file's state lies, although the file may have errors; its settings are null then. Throws CliError where there is no such
 *  folder, and where another file's installation runs on it: by its own mistakes a file must lead nobody there. */
export async function locateFolder(
  { config = DEFAULT_FILE }: { config?: string },
  { load, note }: Tools,
): Promise<{ readonly settings: Settings | null; readonly stateDir: string }> {
  const loaded = await load(config)
  if (loaded.ok) return { settings: loaded.settings, stateDir: loaded.settings.stateDir }
  const { stateDir } = loaded
  const owner = localApi(stateDir)?.file ?? resolve(config)
  if (!existsSync(stateDir) || owner !== resolve(config)) throw new CliError(hasErrors(config), 2)
  note(hasErrors(config))
  return { settings: null, stateDir }
}

/** Why nothing can be known of a file that could not be loaded. */
export function hasErrors(file: string): string {
  if (!existsSync(file))
    return `there is no ${file}; name the configuration by --config, or write one by \`tidegate init\``
  return `${file} has errors; \`tidegate validate ${file}\` lists them`
}

/** Those of the configuration; null when there is none that can be read. Throws CliError where one is named that is not there. */
export async function settingsOf(
  { config }: { config?: string },
  load: LoadSettings,
): Promise<Settings | null> {
  const file = config ?? DEFAULT_FILE
  if (!existsSync(file)) {
    if (config !== undefined) throw new CliError(hasErrors(file), 2)
    return null
  }
  const loaded = await load(file)
  return loaded.ok ? loaded.settings : null
}

/** Does no controller run on this state directory? */
export function isIdle({ stateDir }: Settings): boolean {
  return localApi(stateDir) === null
}

/** What else may answer at `admin.bind` runs with another file, and must get no order by mistake. */
function placeOfSettings(file: string, { stateDir }: Settings): ApiPlace {
  const running = localApi(stateDir)
  if (running !== null) return running
  throw new CliError(
    `no Tidegate runs with ${file}; start one with \`tidegate up ${file}\`, or name one by --api URL`,
  )
}

function placeOf(bind: Bind): ApiPlace {
  return { url: urlOf(bind), token: null }
}

function urlOf({ host, port }: Bind): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'http:') return url.href.replace(/\/$/, '')
  throw new CliError(`--api: expected a URL such as ${urlOf(DEFAULT_ADMIN)}, got "${text}"`, 2)
}
