import { createServer, type RequestListener } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createSecureHttp1 } from 'node:https'
import type { NodeSetup } from '../node-proxies.ts'

export const setup: NodeSetup = JSON.parse(process.argv[2] ?? '{}')

/** A server of Node's own, of the kind that the case asks for. */
export function listen(answer: RequestListener): void {
  const { tls, http2, port } = setup
  const server = !tls
    ? createServer(answer)
    : http2
      ? createSecureServer({ ...tls, allowHTTP1: true }, answer as never)
      : createSecureHttp1(tls, answer)
  server.listen(port, '127.0.0.1', 4096)
}
