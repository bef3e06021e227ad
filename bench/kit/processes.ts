import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** Where servers and load generators run; the proxy under test has PROXY_CPU to itself. */
export const PROXY_CPU = 0
export const LOAD_CPU = 1

/** The path of an installed program, sbin included; null when it is missing. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  for (const folder of folders) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return null
}

/** Starts a program pinned to CPUs (as taskset takes them), what it prints going to a file if one is named; its errors are shown when it
 *  ends badly before `stopProcess`. */
export function startPinned(
  cpus: number | string,
  command: readonly string[],
  output: string | null = null,
): ChildProcess {
  const out = output === null ? 'ignore' : openSync(output, 'a')
  const child = spawn('taskset', ['-c', `${cpus}`, ...command], { stdio: ['ignore', out, 'pipe'] })
  if (typeof out === 'number') closeSync(out)
  let errors = ''
  child.stderr?.on('data', (chunk) => (errors = (errors + chunk).slice(-4000)))
  child.on('exit', (code) => {
    if (code !== null && code !== 0) process.stderr.write(`${command[0]} ended with ${code}: ${errors}\n`)
  })
  return child
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(killer)
}

/** User and system time in microseconds, and resident memory in bytes, of a process and its children. */
export function usage(pid: number): { cpuMicros: number; rssBytes: number } {
  let cpuMicros = 0
  let rssBytes = 0
  for (const member of familyOf(pid)) {
    const stat = readFileSync(`/proc/${member}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    cpuMicros += (Number(fields[11]) + Number(fields[12])) * 10_000
    rssBytes += Number(fields[21]) * 4096
  }
  return { cpuMicros, rssBytes }
}

function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(familyOf)]
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? done(address.port) : fail(new Error('no port')),
      )
    })
  })
}

/** Resolves when something answers there: a request by http or https, any bytes by tcp. */
export async function untilAnswers(url: string): Promise<void> {
  const answers = url.startsWith('tcp:') ? answersBytes : answersRequest
  for (let attempt = 0; attempt < 250; attempt++) {
    if (await answers(new URL(url))) return
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error(`nothing answers at ${url}`)
}

function answersRequest(url: URL): Promise<boolean> {
  return new Promise((done) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    const asked = request(url, { rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume()
      answer.once('close', () => done(answer.statusCode === 200))
    })
    asked.once('error', () => done(false)).end()
  })
}

function answersBytes(url: URL): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(Number(url.port), url.hostname, () => socket.write('?'))
    socket.once('data', () => {
      done(true)
      socket.destroy()
    })
    socket.once('error', () => done(false)).once('close', () => done(false))
  })
}
