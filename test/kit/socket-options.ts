import { spawnSync } from 'node:child_process'

export interface TcpSocket {
  readonly local: number
  readonly remote: number
  readonly keepAlive: {
    readonly on: number
    readonly idle: number
    readonly interval: number
    readonly count: number
  }
}

/** Asks the kernel itself: takes a copy of each of the process's descriptors (pidfd_getfd, Linux 5.6). */
const READ = `
import ctypes, json, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
pid = int(sys.argv[1])
pidfd = libc.syscall(434, pid, 0)
found = []
for name in os.listdir('/proc/%d/fd' % pid):
    try:
        if not os.readlink('/proc/%d/fd/%s' % (pid, name)).startswith('socket:'): continue
    except OSError: continue
    fd = libc.syscall(438, pidfd, int(name), 0)
    if fd < 0:
        if ctypes.get_errno() == 9: continue
        sys.exit('pidfd_getfd: ' + os.strerror(ctypes.get_errno()))
    s = socket.socket(fileno=fd)
    if s.family not in (socket.AF_INET, socket.AF_INET6) or s.type != socket.SOCK_STREAM: continue
    try: remote = s.getpeername()[1]
    except OSError: continue
    of = lambda option: s.getsockopt(socket.IPPROTO_TCP, option)
    found.append({'local': s.getsockname()[1], 'remote': remote, 'keepAlive': {
        'on': s.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), 'idle': of(socket.TCP_KEEPIDLE),
        'interval': of(socket.TCP_KEEPINTVL), 'count': of(socket.TCP_KEEPCNT)}})
print(json.dumps(found))
`

/** The connections of a process, as the kernel knows them. */
export function socketsOf(pid: number): readonly TcpSocket[] {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', READ, `${pid}`], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** null where `socketsOf` can be asked. */
export function whyNoSocketsOf(): string | null {
  const { status, error, stderr } = spawnSync('python3', ['-c', READ, `${process.ppid}`], {
    encoding: 'utf8',
  })
  if (error) return 'needs python3'
  return status === 0 ? null : stderr.trim()
}
