import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Millis } from '../core/time.ts'
import { readGroups } from './cms/groups.ts'
import { METER_MS, metered, type Read } from './cms/meter.ts'
import type { Instance } from './ecs/state.ts'
import { isDown } from './health.ts'
import type { Served } from './serve.ts'
import { settled } from './settle.ts'

const LOOK_MS = 200
/** Between the asking and the killing, as when a machine is switched off. */
const STOP_MS = 5_000

/**
 * Gives each running instance a process: what its user data is as a script, which finds its own address in HOST. Addresses that begin
 * with 127 are the machine's own on Linux, so that every instance has its own ports. An instance whose process has ended still runs, as
 * in the cloud. Those of a zone that is lost stand still until it is back. What they use is what CloudMonitor measures. Ends with all of them.
 */
export function runProcesses(
  served: Served,
  { folder, clock }: { readonly folder: string; readonly clock: Clock },
): AsyncDisposable {
  mkdirSync(folder, { recursive: true })
  const quit = new AbortController()
  const running = new Map<string, ChildProcess>()
  const leaving = new Set<Promise<void>>()
  const standstill = standsStill(served, clock)
  let uses: ReadonlyMap<string, Read> = new Map()
  let readAt = Number.NEGATIVE_INFINITY

  function leave(id: string, child: ChildProcess): void {
    running.delete(id)
    standstill.forget(id)
    const left = stop(child, clock).finally(() => leaving.delete(left))
    leaving.add(left)
  }

  function look(): void {
    served.change(settled)
    const { instances } = served.world().ecs
    for (const [id, child] of running) if (instances.get(id)?.status !== 'Running') leave(id, child)
    for (const instance of instances.values())
      if (instance.status === 'Running' && instance.userData !== '' && !running.has(instance.id))
        running.set(instance.id, start(instance, folder))
    for (const [id, child] of running) standstill.hold(id, child)
  }

  function meter(now: Millis): void {
    if (now - readAt < METER_MS) return
    const before = uses
    uses = usesOf(running, now)
    readAt = now
    served.change((world) => metered(world, uses, before))
  }

  const looking = (async () => {
    while (!quit.signal.aborted) {
      look()
      meter(clock.now())
      await clock.sleep(LOOK_MS, quit.signal).catch(() => {})
    }
  })()
  return {
    async [Symbol.asyncDispose]() {
      quit.abort()
      await looking
      for (const [id, child] of running) leave(id, child)
      await Promise.all(leaving)
    },
  }
}

/** Keeps the processes of a lost zone from running, until it is back. */
function standsStill(served: Served, clock: Clock) {
  const lost = new Set<string>()
  return {
    hold(id: string, { pid }: ChildProcess): void {
      const world = served.world()
      const { zone } = world.ecs.instances.get(id)!
      const isLost = isDown(world, zone, clock.now() + world.skewMs)
      if (isLost === lost.has(id) || pid === undefined) return
      signal(pid, isLost ? 'SIGSTOP' : 'SIGCONT')
      if (isLost) lost.add(id)
      else lost.delete(id)
    },
    forget: (id: string) => lost.delete(id),
  }
}

/** Each child leads a process group. */
function usesOf(running: ReadonlyMap<string, ChildProcess>, at: Millis): ReadonlyMap<string, Read> {
  const groups = readGroups()
  const uses = [...running].map(([id, { pid }]) => [id, groups.get(pid ?? 0)] as const)
  return new Map(uses.flatMap(([id, use]) => (use === undefined ? [] : [[id, { ...use, at }]])))
}

function start({ id, ip, userData }: Instance, folder: string): ChildProcess {
  const script = join(folder, id)
  writeFileSync(script, Buffer.from(userData, 'base64'), { mode: 0o700 })
  const log = openSync(`${script}.log`, 'a')
  const env = { ...process.env, HOST: ip, INSTANCE_ID: id }
  // A group of its own, so that whatever the script starts ends with it.
  const child = spawn('/bin/sh', [script], { env, detached: true, stdio: ['ignore', log, log] })
  child.on('error', () => {})
  closeSync(log)
  return child
}

async function stop(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const over = new AbortController()
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  signal(child.pid, 'SIGTERM')
  // One that stands still would not hear it.
  signal(child.pid, 'SIGCONT')
  const late = clock.sleep(STOP_MS, over.signal).then(
    () => signal(child.pid!, 'SIGKILL'),
    () => {},
  )
  await ended
  over.abort()
  await late
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // It has ended by itself.
  }
}
