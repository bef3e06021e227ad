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

/** By status: bit 0 of the index = close, bit 1 = for HEAD. */
const PAGES = new Map<number, readonly Buffer[]>(
  Object.entries(TITLES).map(([status, title]) => [
    Number(status),
    [0, 1, 2, 3].map((variant) => page(Number(status), title, variant)),
  ]),
)

function page(status: number, title: string, variant: number): Buffer {
  const body = `<!doctype html><title>${status} ${title}</title><h1>${status} ${title}</h1>\n`
  const head =
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: text/html\r\nCache-Control: no-store\r\n` +
    `Content-Length: ${body.length}\r\n${EXTRA[status] ?? ''}${variant & 1 ? 'Connection: close\r\n' : ''}\r\n`
  return Buffer.from(variant & 2 ? head : head + body)
}

/**
 * A whole short answer of the gateway itself, prebuilt and shared: never write into it. 405 has Allow, 503 Retry-After.
 * A status without a page gives 500. Towards HTTP/1.0 clients always close.
 */
export function errorPage(status: number, options: { close: boolean; head: boolean }): Buffer {
  const pages = PAGES.get(status) ?? PAGES.get(500)!
  return pages[(options.close ? 1 : 0) + (options.head ? 2 : 0)]!
}
