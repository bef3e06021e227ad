import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** State of a listening socket in /proc/net/tcp (include/net/tcp_states.h). */
const LISTENING = '0A'

/** Inodes of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. Pure. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    return fields[3] === LISTENING && fields[1]?.endsWith(`:${wanted}`) ? (fields[9] ?? []) : []
  })
}

/** Who listens on a port, as `process 123 (nginx)`; null when it cannot be seen: another user's process, or no /proc here. */
export function portHolder(port: number): string | null {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => listeningInodes(read(path), port))
  if (inodes.length === 0) return null
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`))
  const pid = entries('/proc').find((name) => /^\d+$/.test(name) && holdsAny(name, sockets))
  return pid === undefined ? null : `process ${pid} (${read(`/proc/${pid}/comm`).trim()})`
}

function holdsAny(pid: string, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`
  return entries(folder).some((fd) => sockets.has(target(`${folder}/${fd}`)))
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
