import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { findProgram } from '../../bench/kit/processes.ts'
import { readFacts } from '../../src/drivers/local/cgroup/files.ts'
import { choosePlace } from '../../src/drivers/local/cgroup/place.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const LINUX_MS = 240_000

/** null where limits of local servers can be kept; else why not. */
export function whyNoLimits(): string | null {
  const placed = choosePlace(readFacts(), ['cpu', 'memory'])
  return placed.ok ? placed.why : placed.why
}

/** Debian's user-mode-linux: a whole Linux as a process of this one, with a cgroup v2 of its own. */
export function findLinux(): string | null {
  return findProgram('linux.uml')
}

/** Runs a command of the repository in a Linux of its own, over this machine's files. */
export async function inLinux(command: readonly string[]): Promise<{ code: number | null; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-linux-'))
  const path = [
    dirname(process.execPath),
    join(ROOT, 'node_modules/.bin'),
    '/usr/bin:/bin:/usr/sbin:/sbin',
  ].join(':')
  const init = join(folder, 'init')
  writeFileSync(
    init,
    `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs tmpfs /run
ip link set lo up
cd ${quote(ROOT)}
export PATH=${quote(path)} HOME=${quote(folder)}
${command.map(quote).join(' ')} >${quote(join(folder, 'output'))} 2>&1
echo $? >${quote(join(folder, 'code'))}
sync
echo o >/proc/sysrq-trigger
sleep 60
`,
    { mode: 0o700 },
  )
  try {
    const words = ['mem=1200M', 'rootfstype=hostfs', 'rootflags=/', 'rw', `init=${init}`, 'con=null']
    const env = { ...process.env, LD_PRELOAD: wholeRegisters(folder) }
    const linux = spawn(findLinux()!, words, { cwd: folder, stdio: 'ignore', detached: true, env })
    const late = setTimeout(() => process.kill(-linux.pid!, 'SIGKILL'), LINUX_MS)
    await once(linux, 'exit')
    clearTimeout(late)
    const read = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null
    const code = read('code')
    return { code: code === null ? null : Number(code), output: read('output') ?? 'it did not start' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The library without which it starts on no machine with AMX; '' where there is no compiler. */
function wholeRegisters(folder: string): string {
  const library = join(folder, 'whole-xstate.so')
  const source = join(import.meta.dirname, 'whole-xstate.c')
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'])
  return status === 0 ? library : ''
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
