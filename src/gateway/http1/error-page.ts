import { Buffer } from 'node:buffer'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}

const EXTRA: Readonly<Record<number, string>> = {
  405: 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n',
  503: 'Retry-After: 1\r\n',
}

/**
 * A whole short answer of the gateway itself. 405 has Allow, 503 Retry-After. A status without a page gives 500. Towards HTTP/1.0
 * clients always close. `date` is an HTTP date (RFC 9110 6.6.1).
 */
export function errorPage(status: number, about: { close: boolean; head: boolean; date: string }): Buffer {
  const shown = status in TITLES ? status : 500
  const title = `${shown} ${TITLES[shown]}`
  const body = `<!doctype html><title>${title}</title><h1>${title}</h1>\n`
  const head =
    `HTTP/1.1 ${title}\r\nDate: ${about.date}\r\nContent-Type: text/html\r\nCache-Control: no-store\r\n` +
    `Content-Length: ${body.length}\r\n${EXTRA[shown] ?? ''}${about.close ? 'Connection: close\r\n' : ''}\r\n`
  return Buffer.from(about.head ? head : head + body)
}
