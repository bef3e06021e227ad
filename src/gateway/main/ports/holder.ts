import { readdir, readFile, readlink } from 'node:fs/promises'

/** TCP_LISTEN, and TCP_CLOSE, which a UDP socket is in that is connected to nobody. */
const STATE = { tcp: '0A', udp: '07' } as const

/** Who listens on a port, as `node (pid 123)`; null when it cannot be found out (another user's process, another system). */
export async function holderOf(port: number, transport: 'tcp' | 'udp' = 'tcp'): Promise<string | null> {
  const inodes = new Set(
    await Promise.all(
      ['', '6'].map((family) => listening(`/proc/net/${transport}${family}`, port, STATE[transport])),
    ).then((all) => all.flat()),
  )
  if (inodes.size === 0) return null
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if (await holds(pid, inodes)) return `${await nameOf(pid)} (pid ${pid})`
  }
  return null
}

/** The sockets' inodes. Columns of /proc/net/tcp and udp: sl local rem st tx:rx tr:tm retrnsmt uid timeout inode. */
async function listening(file: string, port: number, state: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === state)
    .map((columns) => columns[9] ?? '')
}

async function holds(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => [])
  for (const fd of fds) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode && inodes.has(inode)) return true
  }
  return false
}

async function nameOf(pid: string): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim()
}
