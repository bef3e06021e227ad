import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Bind } from '../core/balancer.ts'
import { Fault, messageOf, userFault } from '../core/fault.ts'
import type { Logger } from '../core/time.ts'
import { type Attempt, Audit, keptBody } from './audit.ts'
import { authenticate, forbiddenTo, isRefusal, type Operator } from './authenticate.ts'
import { EventStreams } from './event-route.ts'
import { Failures } from './failures.ts'
import { isLoopback, refusal } from './guard.ts'
import { readScrape, renderMetrics } from './metrics.ts'
import { openapi } from './openapi.ts'
import type { ApiPorts } from './ports.ts'
import { problemFrom, problemOf, sendProblem } from './problem.ts'
import type { RawAsk, Route } from './route.ts'
import { cacheRoutes } from './routes/cache.ts'
import { canaryRoutes } from './routes/canaries.ts'
import { alertsRoute, fleetRoutes } from './routes/fleets.ts'
import { historyRoutes } from './routes/history.ts'
import { auditRoute, decisionsRoute, eventsRoute } from './routes/journal.ts'
import { poolRoutes } from './routes/pools.ts'
import { shadowRoutes } from './routes/shadow.ts'
import { systemRoutes } from './routes/system.ts'
import { tuningRoutes } from './routes/tuning.ts'

const MAX_CONNECTIONS = 256
const REQUEST_TIMEOUT_MS = 30_000

/** What everybody may ask who reaches the port: whoever restarts or routes by them has no token. */
const OPEN: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler runs. */
    operator: Operator
  }
}

/** The admin API, listening. Throws Fault `config.invalid` (not loopback, and no tokens) or `port.taken`. */
export async function startApi(
  options: ApiPorts & { readonly bind: Bind },
): Promise<{ readonly bound: Bind; close(): Promise<void> }> {
  const { bind } = options
  if (!isLoopback(bind) && options.access().tokens === null) {
    const where = bind.host || 'every interface'
    throw userFault('config.invalid', `admin.bind: ${where} needs admin.tokens; without tokens use 127.0.0.1`)
  }
  const app = createApi(options)
  try {
    await app.listen({ host: bind.host, port: bind.port })
  } catch (error) {
    await app.close()
    throw listenFault(bind, error)
  }
  const { address, port } = app.server.address() as AddressInfo
  return { bound: { host: address, port }, close: () => app.close() }
}

/** The admin API without a socket. */
export function createApi(ports: ApiPorts): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 256 },
  })
  app.server.maxConnections = MAX_CONNECTIONS
  acceptOnlyJson(app)
  answerProblems(app, ports.log)
  admitOperators(app, ports)
  addRoutes(app, ports)
  addProbes(app, ports)
  return app
}

/** Nobody comes to a handler who may not. */
function admitOperators(app: FastifyInstance, { access, clock }: ApiPorts): void {
  const failures = new Failures(clock)
  app.decorateRequest('operator')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    const now = access()
    const problem = refusal(request, now)
    if (problem) return sendProblem(reply, problem)
    if (OPEN.has(request.url)) return
    const operator = authenticate(request, now.tokens, failures)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const refused = isRefusal(operator) ? operator : forbiddenTo(operator, isRead ? 'read' : 'operate')
    if (refused) return sendProblem(reply.headers(refused.headers), refused.problem)
    request.operator = operator as Operator
  })
}

/** An empty body is an empty object: most orders need none. */
function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)))
    } catch (error) {
      done(userFault('request.invalid', `the body is not JSON: ${messageOf(error)}`))
    }
  })
}

function answerProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemFrom(error)
    if (problem.status >= 500) {
      log.error('an API request failed', {
        method: request.method,
        url: request.url,
        error: error instanceof Error ? error.stack : messageOf(error),
      })
    }
    return sendProblem(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const fault = userFault(
      'not-found',
      `${request.method} ${request.url} is not part of the API; see /openapi.json`,
    )
    return sendProblem(reply, problemOf(fault))
  })
}

function addRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const { queries } = ports
  const audit = new Audit(ports)
  const events = eventsRoute(queries)
  const plain = plainRoutes(ports)
  for (const route of plain) {
    app.route({
      method: route.method,
      url: fastifyPath(route),
      bodyLimit: route.bodyBytes,
      handler: async (request) => {
        const run = () => route.run(rawAsk(request))
        return route.method === 'GET' ? run() : audit.write(attemptOf(request, route), run)
      },
    })
  }
  const streams = new EventStreams(ports)
  app.get(events.path, { exposeHeadRoute: false }, async (request, reply) => {
    const wantsJson = request.headers.accept?.includes('application/json')
    return wantsJson ? events.run(rawAsk(request)) : streams.serve(request, reply)
  })
  app.addHook('preClose', async () => streams.close())
  const document = apiDocument(ports)
  app.get('/openapi.json', async () => document)
  app.get('/api/v1/openapi.json', async () => document)
}

function plainRoutes({ queries, orders, history, clock }: ApiPorts): readonly Route[] {
  return [
    ...poolRoutes(queries, orders),
    ...fleetRoutes({ queries, orders, clock }),
    ...canaryRoutes(orders),
    ...tuningRoutes(orders),
    alertsRoute(queries),
    decisionsRoute(queries),
    auditRoute(queries),
    ...historyRoutes(history, clock),
    ...systemRoutes(queries, orders),
    ...shadowRoutes(queries, orders),
    ...cacheRoutes(orders),
  ]
}

/** The OpenAPI document of all of it. */
export function apiDocument(ports: ApiPorts): object {
  return openapi([...plainRoutes(ports), eventsRoute(ports.queries)], ports.queries.about().version)
}

function addProbes(app: FastifyInstance, { queries }: ApiPorts): void {
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', async (_request, reply) => {
    const blind = queries.blind()
    return reply
      .code(blind.length === 0 ? 200 : 503)
      .type('text/plain')
      .send(blind.length === 0 ? 'ready\n' : `not ready: ${blind.join('; ')}\n`)
  })
  app.get('/metrics', async (request, reply) => {
    const format = request.headers.accept?.includes('application/openmetrics-text')
      ? 'openmetrics'
      : 'prometheus'
    const { contentType, text } = renderMetrics(await readScrape(queries), format)
    return reply.type(contentType).send(text)
  })
}

function fastifyPath(route: Route): string {
  return route.path.replace(/\{(\w+)\}/g, ':$1')
}

function rawAsk(request: FastifyRequest): RawAsk {
  return {
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    body: request.body,
    by: request.operator.who,
  }
}

function attemptOf({ operator, ip, method, url, body }: FastifyRequest, { unkept }: Route): Attempt {
  return { who: operator.who, address: ip, what: `${method} ${url}`, body: keptBody(body, unkept) }
}

function listenFault(bind: Bind, error: unknown): Fault {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const what = `admin.bind ${bind.host}:${bind.port}: ${messageOf(error)}`
  return new Fault(taken ? 'port.taken' : 'config.invalid', what, {
    source: 'user',
    retry: 'no',
    cause: error,
  })
}
