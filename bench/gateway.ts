import { cpus } from 'node:os'
import { Authority } from '../test/kit/certificates.ts'
import { type Case, type Effort, type Field, FULL, type Outcome, QUICK } from './cases/case.ts'
import { HALF_LOAD } from './cases/half-load.ts'
import { IDLE } from './cases/idle.ts'
import { PICK } from './cases/pick.ts'
import { STREAMS } from './cases/stream.ts'
import { THROUGHPUT } from './cases/throughput.ts'
import { WORKERS } from './cases/workers.ts'
import type { Contestant } from './contestants/contestant.ts'
import { haproxy } from './contestants/haproxy.ts'
import { nginx } from './contestants/nginx.ts'
import { NODE_PROXIES } from './contestants/node-proxies.ts'
import { tidegate } from './contestants/tidegate.ts'
import { findProgram } from './kit/processes.ts'

const CONTESTANTS: readonly Contestant[] = [tidegate, haproxy, nginx, ...NODE_PROXIES]
export const CASES: readonly Case[] = [...THROUGHPUT, ...STREAMS, IDLE, PICK, WORKERS, HALF_LOAD]

/** Side by side in one run, each on one core, load and origin on the other. `--cases a,b` takes only these, `--contestants a,b` likewise;
 *  `--quick` sees only that all of it works. */
export async function benchGateway(args: readonly string[]): Promise<object> {
  if (!findProgram('nginx'))
    throw new Error(
      'nginx, the server behind all of them, is missing; on Debian: apt-get install nginx-light',
    )
  const cases = chosen(CASES, args, '--cases')
  const taking = chosen(CONTESTANTS, args, '--contestants')
  const effort = effortOf(args)
  const authority = new Authority()
  try {
    const field: Field = { certificate: authority.issue(['127.0.0.1', 'localhost']), effort, taking }
    return { name: 'gateway', machine: machine(), effort, cases: await runAll(cases, field) }
  } finally {
    authority.remove()
  }
}

/** `--stream-bytes N`: the size of `download` and `upload`. */
function effortOf(args: readonly string[]): Effort {
  const effort = args.includes('--quick') ? QUICK : FULL
  const at = args.indexOf('--stream-bytes')
  if (at < 0) return effort
  const streamBytes = Number(args[at + 1])
  if (!(streamBytes > 0)) throw new Error('--stream-bytes needs a number')
  return { ...effort, streamBytes }
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`
}

async function runAll(cases: readonly Case[], field: Field): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const one of cases) outcomes.push(await runOne(one, field))
  return outcomes
}

/** A case that fails does not take the others' figures with it. */
async function runOne(one: Case, field: Field): Promise<Outcome> {
  const why = one.missing?.() ?? null
  if (why !== null) return { case: one.name, missing: [why], contestants: [] }
  try {
    return await one.run(field)
  } catch (error) {
    return { case: one.name, missing: [], contestants: [], failed: String(error) }
  }
}

/** Those that a list after `flag` names; all without one. Throws for a name that there is not. */
export function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  args: readonly string[],
  flag: string,
): readonly T[] {
  const at = args.indexOf(flag)
  if (at < 0) return all
  const names = (args[at + 1] ?? '').split(',')
  const unknown = names.filter((name) => !all.some((one) => one.name === name))
  if (unknown.length > 0)
    throw new Error(
      `${flag}: there is no ${unknown.join(', ')}; there are ${all.map((one) => one.name).join(', ')}`,
    )
  return all.filter((one) => names.includes(one.name))
}
