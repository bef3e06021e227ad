import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { findProgram, freePort } from '../../bench/kit/processes.ts'

/** null where a machine for ssh can be made of this one. */
export function whyNoSshd(): string | null {
  if (!findProgram('sshd')) return 'needs openssh-server'
  return findProgram('ssh') ? null : 'needs openssh-client'
}

/** This machine as another one: an sshd on a free port of loopback with keys and a home of its own, for the user who runs the tests. */
export class SshMachine {
  readonly name: string
  readonly home: string
  readonly #folder: string
  #port = 0
  #sshd: ChildProcess | null = null

  constructor(name: string, folder: string) {
    this.name = name
    this.#folder = join(folder, name)
    this.home = join(this.#folder, 'home')
  }

  /** Its part of an ssh_config. */
  async make(): Promise<string> {
    mkdirSync(this.home, { recursive: true })
    for (const key of ['host', 'user']) {
      const args = ['-q', '-t', 'ed25519', '-N', '', '-f', this.#path(key)]
      execFileSync('ssh-keygen', args)
    }
    this.#port = await freePort()
    const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
    writeFileSync(
      this.#path('sshd_config'),
      `ListenAddress 127.0.0.1:${this.#port}
HostKey ${this.#path('host')}
AuthorizedKeysFile ${this.#path('user.pub')}
AuthenticationMethods publickey
StrictModes no
UsePAM no
PidFile none
SetEnv "HOME=${this.home}" "PATH=${path}"
`,
    )
    const known = execFileSync('cut', ['-d ', '-f1,2', this.#path('host.pub')], { encoding: 'utf8' })
    writeFileSync(this.#path('known_hosts'), `[127.0.0.1]:${this.#port} ${known}`)
    return `Host ${this.name}
  HostName 127.0.0.1
  Port ${this.#port}
  User ${userInfo().username}
  IdentityFile ${this.#path('user')}
  IdentitiesOnly yes
  UserKnownHostsFile ${this.#path('known_hosts')}
`
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    // Where sshd drops its privileges; the package's service makes it, which has never run here.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
    const args = ['-D', '-e', '-f', this.#path('sshd_config')]
    this.#sshd = spawn(findProgram('sshd')!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    this.#sshd.stderr!.on('data', (chunk) => (errors = (errors + chunk).slice(-2000)))
    for (let round = 0; round < 500 && this.#sshd.exitCode === null; round++) {
      if (await answers(this.#port)) return
      await new Promise((done) => setTimeout(done, 20))
    }
    throw new Error(`sshd does not answer: ${errors}`)
  }

  /** From now on nobody answers; what it had started for others runs on. */
  async stop(): Promise<void> {
    if (!this.#sshd || this.#sshd.exitCode !== null || this.#sshd.signalCode !== null) return
    const ended = once(this.#sshd, 'exit')
    this.#sshd.kill('SIGKILL')
    await ended
  }

  /** Kills what is left of a test that failed. */
  killServers(): void {
    spawnSync('sh', [
      '-c',
      `cat "${this.home}"/.tidegate/*/*/process 2>/dev/null | cut -d' ' -f1 | xargs -r kill -9`,
    ])
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => done(false))
    socket.once('data', () => {
      socket.destroy()
      done(true)
    })
  })
}
