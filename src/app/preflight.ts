import { createServer } from 'node:net'
import type { Bind } from '../core/balancer.ts'
import type { Settings } from '../core/settings.ts'
import { holderOf } from '../gateway/main/ports/holder.ts'

/** A bind, and which key of the file asks for it. */
interface Wanted {
  readonly what: string
  readonly bind: Bind
}

export function listenerBinds(settings: Settings): readonly Wanted[] {
  return settings.balancer.listeners.map(({ name, bind }) => ({ what: `listeners.${name}.bind`, bind }))
}

export function adminBind(settings: Settings): Wanted {
  return { what: 'admin.bind', bind: settings.admin.bind }
}

/** Those that another process already holds, each as a sentence with the way out. */
export async function takenPorts(wanted: readonly Wanted[]): Promise<string[]> {
  const problems: string[] = []
  for (const { what, bind } of wanted) {
    const code = await tryBind(bind)
    if (code === null) continue
    const holder = code === 'EADDRINUSE' ? await holderOf(bind.port) : null
    problems.push(sentence(what, bind, code, holder))
  }
  return problems
}

function sentence(what: string, bind: Bind, code: string, holder: string | null): string {
  const place = `${bind.host || '*'}:${bind.port}`
  if (code === 'EADDRINUSE')
    return `port ${bind.port} (${place}, ${what}) is taken by ${holder ?? 'another process'}; stop it, or set ${what} to another port`
  if (code === 'EACCES')
    return `port ${bind.port} (${place}, ${what}) may not be opened by this user; set ${what} to a port above 1023`
  return `${place} (${what}) cannot be opened: ${code}; set ${what} to an address of this machine`
}

/** null when it could be bound, else the error's code. */
function tryBind(bind: Bind): Promise<string | null> {
  if (bind.port === 0) return Promise.resolve(null)
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'unknown'))
    server.listen(
      { port: bind.port, exclusive: true, ...(bind.host === '' ? {} : { host: bind.host }) },
      () => server.close(() => done(null)),
    )
  })
}
