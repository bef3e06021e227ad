import type { Context, WatchContext } from '../context.ts'
import { CliError } from '../errors.ts'
import { timeOf } from '../format.ts'
import { printable } from '../output.ts'
import type { Screen } from '../screen.ts'
import { type Seen, see, statusLines } from './status.ts'

const EVERY_MS = 1000

/** `tidegate status --watch`: the same each second until Ctrl-C, over restarts of the controller: drawn in place on a terminal, a block
 *  after the other elsewhere, and as JSON a line each. */
export async function watchStatus(context: WatchContext): Promise<never> {
  using screen = context.json ? null : context.screen()
  const show = screen ? picturesOn(screen, context) : blocksTo(context)
  let current: Context = context
  for (;;) {
    try {
      show.seen(await see(current))
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      show.missing(error.message)
      current = await again(context, current)
    }
    await context.clock.sleep(EVERY_MS, context.signal)
  }
}

/** A controller that comes back may listen elsewhere. */
async function again(context: WatchContext, current: Context): Promise<Context> {
  try {
    return { ...context, client: await context.connect() }
  } catch (error) {
    if (error instanceof CliError) return current
    throw error
  }
}

interface Show {
  seen(state: Seen): void
  /** Nobody answers, for this reason. */
  missing(why: string): void
}

/** What was last seen stays in sight while nobody answers, and says of when it is. */
function picturesOn(screen: Screen, context: Context): Show {
  const { out, clock } = context
  const draw = (lines: readonly string[]) => screen.draw(lines.map(printable))
  let last: { readonly at: string; readonly lines: readonly string[] } | null = null
  return {
    seen(state) {
      const at = timeOf(clock.now())
      last = { at, lines: statusLines(context, state) }
      draw([out.paint('dim', `${at}  ${out.say('Ctrl-C ends this')}`), '', ...last.lines])
    },
    missing(why) {
      const head = out.paint('red', `${timeOf(clock.now())}  ${out.say(`${why}; asking again`)}`)
      draw(last ? [head, out.say(`as it was at ${last.at}:`), ...last.lines] : [head])
    },
  }
}

function blocksTo(context: Context): Show {
  const { out, json } = context
  let said = ''
  let first = true
  return {
    seen(state) {
      said = ''
      if (json) return out.json(state)
      if (!first) out.line('')
      first = false
      for (const line of statusLines(context, state)) out.line(line)
    },
    missing(why) {
      if (why !== said) out.note(`${why}; asking again`)
      said = why
    },
  }
}
