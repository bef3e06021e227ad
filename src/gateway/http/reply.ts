/** An answer of the gateway's own, whole. */
export interface Reply {
  readonly status: number
  /** Header lines, each ended by CRLF; framing, Date and Connection are not among them. */
  readonly lines: string
  readonly body: Buffer
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
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

const made = new Map<number, Reply>()

/** A short page that says the status. 405 has Allow, 503 Retry-After. A status without a title gives 500. */
export function errorReply(status: number): Reply {
  const shown = status in TITLES ? status : 500
  let reply = made.get(shown)
  if (reply === undefined) made.set(shown, (reply = makePage(shown, EXTRA[shown] ?? '')))
  return reply
}

function makePage(status: number, extra: string): Reply {
  const title = `${status} ${TITLES[status]}`
  return {
    status,
    lines: `Content-Type: text/html\r\nCache-Control: no-store\r\n${extra}`,
    body: Buffer.from(`<!doctype html><title>${title}</title><h1>${title}</h1>\n`),
  }
}
