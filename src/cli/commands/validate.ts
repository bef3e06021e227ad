import { formatProblem } from '../../config/problems.ts'
import type { Window } from '../../core/calendar.ts'
import type { Settings } from '../../core/settings.ts'
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
  readonly json: boolean
}

/** `tidegate validate FILE`: every problem of the file at once, and what its schedules and events come to. Exit code 2 when it cannot
 *  be used. */
export async function validate(file: string, { load, windowsOf, now, out, json }: Tools): Promise<number> {
  const loaded = await load(file)
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  const windows = loaded.ok ? await windowsOf(loaded.settings, now) : []
  if (json) out.json({ ok: loaded.ok, problems, windows })
  else for (const problem of problems) out.note(formatProblem(problem))
  if (!loaded.ok) return 2
  const { balancer, fleets } = loaded.settings
  const counts = [
    counted(balancer.listeners.length, 'listener'),
    counted(balancer.pools.length, 'pool'),
    counted(fleets.length, 'fleet'),
  ]
  if (json) return 0
  out.line(`${file} is valid: ${counts.join(', ')}`)
  for (const window of windows) out.line(`fleet ${window.fleet}: ${windowLine(window, now)}`)
  return 0
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
