import { Agent } from 'node:http'
import { createProxyServer } from 'http-proxy-3'
import { listen, setup } from './listen.ts'

// Without an agent of its own it opens a connection for every request.
const proxy = createProxyServer({
  target: setup.upstream,
  agent: new Agent({ keepAlive: true }),
  xfwd: true,
})
proxy.on('error', (_error, _request, response) => response.destroy())
listen((request, response) => proxy.web(request, response))
