import type { Settings } from '../core/settings.ts'
import type { Event } from '../core/store.ts'
import type { Clock } from '../core/time.ts'
import { sayIn } from '../words/say.ts'
import { statePaths } from './paths.ts'
import { readNote } from './processes.ts'
import { nap } from './supervisor.ts'
import { tell } from './tell.ts'
import { localToken } from './tokens.ts'

/** What the controller leaves in its note. */
export interface ControllerNote {
  readonly api: { readonly host: string; readonly port: number }
  /** Its configuration, absolute. */
  readonly file: string
}

/** An admin API, and what it wants to see of whoever asks. */
export interface ApiPlace {
  readonly url: string
  readonly token: string | null
}

/** Where this state directory's controller answers now, and by which file it runs; null while it does not. */
export function localApi(stateDir: string): (ApiPlace & { readonly file: string }) | null {
  const paths = statePaths(stateDir)
  const note = readNote<ControllerNote>(paths.controller)
  if (!note) return null
  const url = `http://${reachable(note.api.host)}:${note.api.port}`
  return { url, token: localToken(paths.adminToken), file: note.file }
}

/** Whoever listens on every address can be asked on loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

const RETRY_MS = 300
const SHOWN = new Set(['decision', 'fault', 'order', 'server', 'config', 'alert'])

/** Prints a line an event until the signal aborts, over restarts of the controller. Lines are data: JSON with `json`. */
export async function followTerminal(
  settings: Settings,
  about: { json: boolean; clock: Clock; signal: AbortSignal },
): Promise<void> {
  const startedAt = about.clock.now()
  let lastId: number | null = null
  let announced = false
  while (!about.signal.aborted) {
    const api = localApi(settings.stateDir)
    if (api && !announced) announce(settings, api.url)
    announced ||= api !== null
    if (api) {
      for await (const event of eventsOf(api, lastId, about.signal)) {
        lastId = event.id
        // The newest are asked for at first, or what happened before anybody could ask would be lost.
        if (event.at >= startedAt) print(event, about.json)
      }
    }
    await nap(about.clock, RETRY_MS, about.signal)
  }
}

function announce(settings: Settings, url: string): void {
  const places = [
    ...settings.balancer.listeners.map(({ name, bind }) => `${name} ${bind.host || '*'}:${bind.port}`),
    // Where the others listen they say when they do.
    ...settings.balancers.flatMap(({ spec }) =>
      spec.listeners.map(({ name, bind }) => `${name} ${spec.name}:${bind.port}`),
    ),
  ]
  tell(`Tidegate is up: ${places.join(', ') || 'no listeners'}; API ${url}; state ${settings.stateDir}`)
}

function print(event: Event, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(event)}\n`)
  else if (SHOWN.has(event.kind))
    process.stdout.write(
      `${new Date(event.at).toTimeString().slice(0, 8)} ${sayIn(process.env)(event.text)}\n`,
    )
}

/** The server-sent events after `lastId`, until the stream breaks. */
async function* eventsOf(
  { url, token }: ApiPlace,
  lastId: number | null,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const headers: Record<string, string> = { accept: 'text/event-stream' }
  if (token !== null) headers.authorization = `Bearer ${token}`
  if (lastId !== null) headers['last-event-id'] = String(lastId)
  try {
    const first = lastId === null ? '?limit=200' : ''
    const answer = await fetch(`${url}/api/v1/events${first}`, { headers, signal })
    if (!answer.ok || !answer.body) return
    let text = ''
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data:'))
        if (data) yield JSON.parse(data.slice(5)) as Event
      }
    }
  } catch {
    // The controller went away; the caller looks for its successor.
  }
}
