import { formatProblem } from '../../config/problems.ts'
import type { LoadSettings } from '../locate.ts'
import type { Output } from '../output.ts'

/** `tidegate validate FILE`: every problem of the file at once. Exit code 2 when it cannot be used. */
export async function validate(
  file: string,
  { load, out, json }: { readonly load: LoadSettings; readonly out: Output; readonly json: boolean },
): Promise<number> {
  const loaded = await load(file)
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  if (json) out.json({ ok: loaded.ok, problems })
  else for (const problem of problems) out.note(formatProblem(problem))
  if (!loaded.ok) return 2
  const { balancer, fleets } = loaded.settings
  const counts = [
    counted(balancer.listeners.length, 'listener'),
    counted(balancer.pools.length, 'pool'),
    counted(fleets.length, 'fleet'),
  ]
  if (!json) out.line(`${file} is valid: ${counts.join(', ')}`)
  return 0
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
