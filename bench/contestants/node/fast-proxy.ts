import fastProxy from 'fast-proxy'
import { listen, setup } from './listen.ts'

const { proxy } = fastProxy({ base: setup.upstream })
listen((request, response) => proxy(request, response, request.url ?? '/', {}))
