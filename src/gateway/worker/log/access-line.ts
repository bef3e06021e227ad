/** In ms, one after the other, but for what is left over between them. */
export interface Phases {
  /** The TLS handshake, with the first request of a connection. */
  readonly tls: number | null
  /** From the first byte of the request's head to its last. */
  readonly head: number
  /** In the gateway, before a server was chosen: queues and filters. */
  readonly wait: number | null
  /** For a connection to the server. */
  readonly connect: number | null
  /** From the request sent to the first byte of the answer. */
  readonly server: number | null
  /** From there to the end of the answer. */
  readonly body: number | null
}

export interface AccessEntry {
  /** Epoch ms. */
  readonly at: number
  readonly listener: string
  readonly client: string
  readonly method: string
  readonly host: string
  /** As sent, with its query; of what is no request, the line that it began with. */
  readonly path: string
  /** `HTTP/1.1`; '' for a tunnel of bytes, and for what is no request. */
  readonly protocol: string
  readonly referer: string | null
  readonly userAgent: string | null
  /** 0 = none was sent. */
  readonly status: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly ms: number
  /** Where the time went; null = there was no such phase. */
  readonly phases: Phases | null
  /** The trace that it belongs to (W3C Trace Context). */
  readonly trace: string | null
  /** The traffic class of its rule. */
  readonly class: string | null
  readonly pool: string | null
  readonly server: string | null
  readonly retries: number
  /** Why the gateway answered itself or gave up; null when the server's answer went through. */
  readonly why: string | null
  /** How the two sides are encrypted; null = plain bytes. `group` is null for a session resumed without a key exchange. */
  readonly tls: {
    readonly version: string
    readonly group: string | null
    /** Whose certificate was verified. */
    readonly client: { readonly subject: string } | null
  } | null
  readonly serverTls: { readonly version: string; readonly group: string | null } | null
}

/** Put together by hand: objects made for JSON.stringify cost as much as all else that a request does in here. */
export function jsonLine(entry: AccessEntry): string {
  const { at, ms, trace, phases, tls, serverTls } = entry
  let line =
    `{"time":"${new Date(at).toISOString()}","ms":${micros(ms)},"listener":${json(entry.listener)},"client":${json(entry.client)},` +
    `"method":${json(entry.method)},"host":${json(entry.host)},"path":${json(entry.path)},"protocol":${json(entry.protocol)},` +
    `"referer":${json(entry.referer)},"userAgent":${json(entry.userAgent)},"status":${entry.status},"bytesIn":${entry.bytesIn},` +
    `"bytesOut":${entry.bytesOut},"class":${json(entry.class)},"pool":${json(entry.pool)},"server":${json(entry.server)},` +
    `"retries":${entry.retries},"why":${json(entry.why)}`
  if (trace !== null) line += `,"trace":${json(trace)}`
  if (phases !== null) line += phaseFields(phases)
  if (tls !== null) line += `,"tls":${json(tls.version)},"tlsGroup":${json(tls.group)}`
  if (tls?.client) line += `,"clientCertificate":${json(tls.client.subject)}`
  if (serverTls !== null)
    line += `,"serverTls":${json(serverTls.version)},"serverTlsGroup":${json(serverTls.group)}`
  return `${line}}`
}

function json(text: string | null): string {
  return text === null ? 'null' : JSON.stringify(text)
}

function phaseFields({ tls, head, wait, connect, server, body }: Phases): string {
  return (
    phaseField('tls', tls) +
    phaseField('head', head) +
    phaseField('wait', wait) +
    phaseField('connect', connect) +
    phaseField('server', server) +
    phaseField('body', body)
  )
}

function phaseField(phase: keyof Phases, ms: number | null): string {
  return ms === null ? '' : `,"${phase}Ms":${micros(ms)}`
}

/** To the microsecond. */
function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The "combined" format of Apache's mod_log_config, in UTC. Bytes are those sent to the client, heads included. */
export function combinedLine(entry: AccessEntry): string {
  const { client, method, path, protocol, status, bytesOut, referer, userAgent } = entry
  const request = protocol === '' ? path || '-' : `${method} ${path} ${protocol}`
  return (
    `${client || '-'} - - [${clfTime(entry.at)}] ${quoted(request)} ${status === 0 ? '-' : status} ${bytesOut} ` +
    `${quoted(referer ?? '-')} ${quoted(userAgent ?? '-')}`
  )
}

function clfTime(at: number): string {
  const time = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`
  return `${day}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`
}

/** What would end the quotes or the line, or hide something on a terminal, is written as nginx does: `\x22`. */
function quoted(text: string): string {
  const safe = text.replace(/[^ -~]|["\\]/g, escapeByte)
  return `"${safe}"`
}

function escapeByte(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
