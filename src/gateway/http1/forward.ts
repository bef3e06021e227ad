import type { Buffer } from 'node:buffer'
import type { BodyKind } from './header-lines.ts'
import type { Output } from './output.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

/** What the gateway tells servers about one client connection; built once a connection. */
export class ClientHop {
  /** `authority` is sent as Host for HTTP/1.0 clients that send none. */
  constructor(_clientAddress: string, _scheme: 'http' | 'https', _authority: string) {
    throw new Error('soon')
  }
}

/** Who the response goes to; a RequestHead is one. keepAlive = will the gateway keep the connection open? */
export interface ClientSide {
  readonly versionMinor: number
  readonly keepAlive: boolean
}

/** Appends the head for the server, HTTP/1.1: the body that follows must be framed as `head.body` says. It does not depend on the server, so a retry may send the same bytes. */
export function writeRequestHead(_head: RequestHead, _bytes: Buffer, _hop: ClientHop, _out: Output): void {
  throw new Error('soon')
}

/** How the response's body must be framed towards this client. After `until-close` the connection must be closed. */
export function bodyTowards(_client: ClientSide, _head: ResponseHead): BodyKind {
  throw new Error('soon')
}

/** Appends the head for the client: the body that follows must be framed as `bodyTowards` says. Interim responses are not for HTTP/1.0 clients. */
export function writeResponseHead(
  _head: ResponseHead,
  _bytes: Buffer,
  _client: ClientSide,
  _out: Output,
): void {
  throw new Error('soon')
}
