import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Open connections to `port` that each event loop of a process watches, one number a loop that watches any: /proc/PID/fdinfo of an
 *  epoll descriptor has a line `tfd: N` for every descriptor in it (proc(5)). */
export function connectionsByLoop(pid: number, port: number): readonly number[] {
  const open = openInodes(port)
  const links = new Map(readdirSync(`/proc/${pid}/fd`).map((fd) => [fd, linkOf(pid, fd)] as const))
  return [...links]
    .filter(([, link]) => link === 'anon_inode:[eventpoll]')
    .map(([fd]) => watchedBy(pid, fd).filter((watched) => open.has(links.get(watched) ?? '')).length)
    .filter((count) => count > 0)
}

function watchedBy(pid: number, epoll: string): string[] {
  const text = readFileSync(`/proc/${pid}/fdinfo/${epoll}`, 'utf8')
  return [...text.matchAll(/^tfd:\s+(\d+)/gm)].map((match) => match[1]!)
}

/** `socket:[INODE]` of established connections whose local port this is. */
function openInodes(port: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)
  const fields = lines.map((line) => line.trim().split(/\s+/))
  const ours = fields.filter((field) => field[1]?.endsWith(`:${hex}`) && field[3] === '01')
  return new Set(ours.map((field) => `socket:[${field[9]}]`))
}

/** Descriptors come and go while they are listed. */
function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`)
  } catch {
    return ''
  }
}
