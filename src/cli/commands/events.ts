import type { Page } from '../../core/api.ts'
import type { Event } from '../../core/store.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { timeOf } from '../format.ts'

const RETRY_MS = 1000

/** `tidegate events [-f]`: the newest events, a line each, and with `follow` those to come, until Ctrl-C, over restarts of
 *  the controller. */
export async function events(context: Context, options: { follow: boolean; lines: number }): Promise<number> {
  const newest = await context.client.get<Page<Event>>(`/api/v1/events?limit=${options.lines}`)
  for (const event of newest.items) print(context, event)
  if (options.follow) await follow(context, newest.items.at(-1)?.id ?? 0)
  return 0
}

async function follow(context: Context, afterId: number): Promise<never> {
  const { client, out, clock, signal } = context
  let lastId = afterId
  for (;;) {
    try {
      for await (const event of client.events(lastId)) {
        print(context, event)
        lastId = event.id
      }
      signal.throwIfAborted()
      out.note(`${client.url} ended the stream; asking again`)
    } catch (error) {
      if (!(error instanceof CliError)) throw error
    }
    await clock.sleep(RETRY_MS, signal)
  }
}

function print({ out, json }: Context, event: Event): void {
  if (json) out.json(event)
  else out.quote(`${timeOf(event.at)} ${event.scope} ${out.say(event.text)}`)
}
