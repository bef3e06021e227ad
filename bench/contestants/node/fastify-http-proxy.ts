import fastifyProxy from '@fastify/http-proxy'
import Fastify from 'fastify'
import { setup } from './listen.ts'

const { tls, http2, upstream, port } = setup
const options = {
  ...(tls && { https: { ...tls, allowHTTP1: true } }),
  ...(http2 && { http2: true }),
}
const server = Fastify(options as object)
await server.register(fastifyProxy, { upstream })
await server.listen({ port, host: '127.0.0.1', backlog: 4096 })
