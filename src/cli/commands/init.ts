import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { formatProblem } from '../../config/problems.ts'
import { messageOf } from '../../core/fault.ts'
import { CliError } from '../errors.ts'
import { draftText } from '../init/draft.ts'
import { type HealthDraft, readHealthCheck } from '../init/health-check.ts'
import { draftOf, type Prompt, type Wishes } from '../init/questions.ts'
import type { CheckText } from '../locate.ts'
import type { Output } from '../output.ts'

export interface InitOptions extends Wishes {
  readonly yes?: true
  readonly force?: true
  /** A file, or - for the standard input. */
  readonly fromHealthCheck?: string
}

interface Tools {
  readonly checkText: CheckText
  /** Null when nobody can be asked. */
  prompt(): Prompt | null
  readStdin(): Promise<string>
  readonly out: Output
  readonly json: boolean
}

/** `tidegate init [FILE]`: writes a first configuration. It is looked at as `validate` would before it is written, as the last thing that
 *  happens: an interruption leaves nothing behind. */
export async function init(file: string, options: InitOptions, tools: Tools): Promise<number> {
  if (!options.force && existsSync(file)) throw taken(file)
  const given = await healthOf(options, tools)
  using prompt = options.yes || options.fromHealthCheck === '-' ? null : tools.prompt()
  if (prompt === null && !options.yes && (options.command ?? options.servers) === undefined)
    throw new CliError(
      'nobody can be asked here; say what answers requests: --command COMMAND, --servers ADDRESSES, or --yes for an example',
      2,
    )
  const text = draftText(await draftOf(options, given, prompt), basename(file))
  const checked = await tools.checkText(text, file)
  if (!checked.ok) throw new CliError(checked.problems.map(formatProblem).join('\n'), 2)
  write(file, text, options.force ?? false)
  for (const problem of checked.warnings) tools.out.note(formatProblem(problem))
  if (tools.json) tools.out.json({ file })
  else tools.out.line(`${file} is written; \`tidegate up ${file}\` runs it`)
  return 0
}

function taken(file: string): CliError {
  return new CliError(
    `${file} is there already; --force overwrites it, \`tidegate init OTHER.yaml\` writes another`,
    2,
  )
}

async function healthOf(
  { fromHealthCheck: source, healthPath }: InitOptions,
  tools: Tools,
): Promise<HealthDraft | null> {
  if (source === undefined) return null
  if (healthPath !== undefined) throw new CliError('--health-path: the health check has its own URL', 2)
  if (source === '-') return readHealthCheck(await tools.readStdin(), 'standard input')
  try {
    return readHealthCheck(readFileSync(source, 'utf8'), source)
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`--from-health-check: ${messageOf(error)}`, 2)
  }
}

/** Without `force` a file that has come meanwhile stays. */
function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(file) : new CliError(messageOf(error))
  }
}
