export interface AccessEntry {
  /** Epoch ms. */
  readonly at: number
  readonly listener: string
  readonly client: string
  readonly method: string
  readonly host: string
  /** As sent, with its query. */
  readonly path: string
  /** `HTTP/1.1`; '' for a tunnel of bytes. */
  readonly protocol: string
  readonly referer: string | null
  readonly userAgent: string | null
  /** 0 = none was sent. */
  readonly status: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly ms: number
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

export function jsonLine({ at, ms, tls, serverTls, ...rest }: AccessEntry): string {
  return JSON.stringify({
    time: new Date(at).toISOString(),
    ms: Math.round(ms * 1000) / 1000,
    ...rest,
    ...(tls && { tls: tls.version, tlsGroup: tls.group }),
    ...(tls?.client && { clientCertificate: tls.client.subject }),
    ...(serverTls && { serverTls: serverTls.version, serverTlsGroup: serverTls.group }),
  })
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The "combined" format of Apache's mod_log_config, in UTC. Bytes are those sent to the client, heads included. */
export function combinedLine(entry: AccessEntry): string {
  const { client, method, path, protocol, status, bytesOut, referer, userAgent } = entry
  const request = protocol === '' ? '-' : `${method} ${path} ${protocol}`
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
