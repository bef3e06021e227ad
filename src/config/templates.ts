import { parseTemplate, VARIABLES } from '../core/template.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'
import { hint } from './suggest.ts'

/** A text with variables in it, of which some may not be known at its time. */
export function checkTemplate(
  text: string,
  path: Path,
  report: Report,
  known: readonly string[] = VARIABLES,
): void {
  const template = parseTemplate(text)
  const wrong =
    'unknown' in template
      ? template.unknown
      : template
          .flatMap((part) => (typeof part === 'string' ? [] : [part.variable]))
          .find((name) => !known.includes(name))
  if (wrong !== undefined) report.error(path, `no variable is named ${wrong}${hint(wrong, known)}`)
}
