import { existsSync, readFileSync } from 'node:fs'
import { formatPretty, formatProblem } from '../../config/problems.ts'
import type { Window } from '../../core/calendar.ts'
import type { Problem, Settings } from '../../core/settings.ts'
import type { Millis } from '../../core/time.ts'
import { windowLine } from '../format.ts'
import type { LoadSettings } from '../locate.ts'
import type { Output } from '../output.ts'

interface Tools {
  readonly load: LoadSettings
  /** Of each fleet, at `now`. */
  readonly windowsOf: (
    settings: Settings,
    now: Millis,
  ) => Promise<readonly (Window & { readonly fleet: string })[]>
  readonly now: Millis
  readonly out: Output
  /** Shows the line of each problem, and a caret under its place. */
  readonly isTerminal: boolean
  readonly json: boolean
}

/** `tidegate validate FILE`: every problem of the file at once, and what its schedules and events come to. Exit code 2 when it cannot
 *  be used. */
export async function validate(
  file: string,
  { load, windowsOf, now, out, json, isTerminal }: Tools,
): Promise<number> {
  const loaded = await load(file)
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  const windows = loaded.ok ? await windowsOf(loaded.settings, now) : []
  if (json) out.json({ ok: loaded.ok, problems, windows })
  else for (const line of shown(file, problems, isTerminal)) out.note(line)
  if (!loaded.ok) return 2
  const { balancer, balancers, fleets } = loaded.settings
  const specs = [balancer, ...balancers.map(({ spec }) => spec)]
  const counts = [
    counted(specs.flatMap(({ listeners }) => listeners).length, 'listener'),
    counted(specs.flatMap(({ pools }) => pools).length, 'pool'),
    counted(fleets.length, 'fleet'),
  ]
  if (json) return 0
  out.line(`${file} is valid: ${counts.join(', ')}`)
  for (const window of windows) out.line(`fleet ${window.fleet}: ${windowLine(window, now)}`)
  return 0
}

function shown(file: string, problems: readonly Problem[], isTerminal: boolean): readonly string[] {
  if (!isTerminal || !existsSync(file)) return problems.map(formatProblem)
  const text = readFileSync(file, 'utf8')
  return problems.map((problem) => formatPretty(problem, text))
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
