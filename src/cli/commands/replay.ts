import { replayJournal } from '../../app/replay.ts'
import type { Settings } from '../../core/settings.ts'
import type { Clock } from '../../core/time.ts'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'
import { notesOf, stretchLines, summaryLines } from '../replay-lines.ts'
import { type Past, rangeOf } from './history.ts'

export interface ReplayOptions {
  readonly fleet?: string
  readonly from: string
  readonly to?: string
  readonly changesOnly?: true
}

export interface ReplayContext {
  readonly out: Output
  readonly json: boolean
  readonly clock: Clock
  readonly settings: Settings
  readonly withDesk: Past['withDesk']
}

const NONE = 'the journal has no ticks in this range'

/** `tidegate replay`: exit code 3 when something would be decided otherwise. */
export async function replay(options: ReplayOptions, context: ReplayContext): Promise<number> {
  const { settings, out, json } = context
  const range = rangeOf(options, context.clock.now())
  const ask = { fleet: options.fleet ?? null, ...range }
  const all = await replayJournal(settings, ask, context.withDesk)
  if (all.length === 0) throw new CliError(options.fleet === undefined ? NONE : `${NONE} of ${options.fleet}`)
  const shown = options.changesOnly
    ? all.map((one) => ({ ...one, decisions: one.decisions.filter(({ differs }) => differs) }))
    : all
  if (json) out.json({ items: shown, next: null })
  for (const result of shown) {
    for (const note of notesOf(result, range.fromAt)) out.note(note)
    if (json) continue
    for (const line of result.decisions.flatMap(stretchLines)) out.line(line)
    for (const line of summaryLines(result)) out.line(line)
  }
  return all.some(({ differing }) => differing > 0) ? 3 : 0
}
