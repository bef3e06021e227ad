import { resolve } from 'node:path'
import { freePort, PROXY_CPU, startPinned, stopProcess, untilAnswers } from '../kit/processes.ts'
import { CIPHER, type Contestant, type Role, schemeOf } from './contestant.ts'

/** Proxies of npm, each in a process of its own as its README shows it, with kept connections to the server. */
export const NODE_PROXIES: readonly Contestant[] = [
  nodeProxy('fast-proxy', ['http', 'https', 'http2']),
  nodeProxy('http-proxy-3', ['http', 'https']),
  nodeProxy('fastify-http-proxy', ['http', 'https', 'http2']),
]

/** What the files under `node/` are told, as JSON in their first argument. */
export interface NodeSetup {
  readonly port: number
  readonly upstream: string
  readonly http2: boolean
  readonly tls: {
    readonly cert: string
    readonly key: string
    readonly ecdhCurve: string
    readonly ciphers: string
    readonly minVersion: 'TLSv1.3'
  } | null
}

function nodeProxy(name: string, roles: readonly Role[]): Contestant {
  const file = resolve(import.meta.dirname, 'node', `${name}.ts`)
  return {
    name,
    missing: ({ role }) => (roles.includes(role) ? null : `${name}: does not do ${role}`),
    start: async ({ role, upstream, certificate, group }) => {
      const port = await freePort()
      const { cert, key } = certificate
      const encrypted = schemeOf(role) === 'https'
      const setup: NodeSetup = {
        port,
        upstream: `http://${upstream.host}:${upstream.port}`,
        http2: role === 'http2',
        tls: encrypted ? { cert, key, ecdhCurve: group, ciphers: CIPHER, minVersion: 'TLSv1.3' } : null,
      }
      const child = startPinned(PROXY_CPU, [process.execPath, file, JSON.stringify(setup)])
      const url = `${schemeOf(role)}://127.0.0.1:${port}/`
      await untilAnswers(url)
      return { url, pid: child.pid!, stop: () => stopProcess(child) }
    },
  }
}
