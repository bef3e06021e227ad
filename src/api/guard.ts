import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Access } from '../core/access.ts'
import type { ProblemDetails } from '../core/api.ts'
import type { Bind } from '../core/balancer.ts'
import { userFault } from '../core/fault.ts'
import { problemOf } from './problem.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** Only loopback is open without a token. */
export function isLoopback(bind: Bind): boolean {
  return LOOPBACK.test(bind.host)
}

/** Why a request is not even looked at; null when it may pass. A browser sends any page's requests to loopback addresses,
 *  so being local proves nothing: the Host header stops DNS rebinding, Origin and the content type stop forged writes. */
export function refusal(request: FastifyRequest, access: Access): ProblemDetails | null {
  const { headers } = request
  if (!isOwnHost(hostnameOf(headers.host), access)) {
    return forbidden(
      `the Host header is "${headers.host ?? ''}"; use an address, or add the name to admin.hosts`,
    )
  }
  if (headers.origin !== undefined && !isSameOrigin(headers.origin, headers.host)) {
    return forbidden(`the request comes from ${headers.origin}`)
  }
  if (headers['sec-fetch-site'] === 'cross-site') return forbidden('the request comes from another site')
  if (request.method === 'GET' || request.method === 'HEAD') return null
  if (mediaType(headers['content-type']) === 'application/json') return null
  const message = 'a write needs the header "content-type: application/json", also without a body'
  return problemOf(userFault('request.invalid', message), 415)
}

/** Rebinding needs a name, so where tokens are asked for any address will do; without tokens only loopback's own will. */
function isOwnHost(host: string, { tokens, hosts }: Access): boolean {
  return LOOPBACK.test(host) || hosts.includes(host) || (tokens !== null && isIP(host) !== 0)
}

function forbidden(message: string): ProblemDetails {
  return problemOf(userFault('request.forbidden', message))
}

function hostnameOf(host: string | undefined): string {
  return (
    /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/
      .exec(host ?? '')
      ?.slice(1)
      .find(Boolean)
      ?.toLowerCase() ?? ''
  )
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
}

function mediaType(contentType: string | undefined): string {
  return contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
}
