import type { StatusRange } from '../core/health.ts'
import { answerProblem } from './answer.ts'
import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'
import { type Connection, isEncrypted, open } from './connection.ts'
import { authorityOf, PLAIN } from './http-request.ts'
import { askHttp1, type Judge } from './http1.ts'
import { askHttp2 } from './http2.ts'

/** A check on its way through redirects. */
interface Walk {
  readonly attempt: Attempt
  readonly target: ProbeTarget
  readonly check: ProbeCheck
  readonly authority: string
  readonly scheme: 'http' | 'https'
}

/** Asks, follows redirects as far as the check allows, and judges the status and the body of the answer behind them. */
export function checkHttp(attempt: Attempt, target: ProbeTarget, check: ProbeCheck): void {
  const authority = authorityOf(target, check.http ?? PLAIN)
  const scheme = isEncrypted(check) ? 'https' : 'http'
  visit({ attempt, target, check, authority, scheme }, check.path, 0)
}

/** One request, over a connection of its own. */
function visit(walk: Walk, path: string, followed: number): void {
  const { target, check, authority, scheme } = walk
  const spec = check.http ?? PLAIN
  const hop = hopOf(walk.attempt)
  const ready = (connection: Connection) => {
    const judge = judgeOf(walk, hop, { path, followed, warning: connection.warning })
    const asked = { spec, path, authority, scheme }
    if (spec.version === '2') askHttp2(hop, connection.socket, asked, judge)
    else askHttp1(hop, connection.socket, asked, judge)
  }
  open(hop, target, check, { protocol: protocolOf(spec.version), ready })
}

/** By ALPN's names; HTTP/1.0 comes from times before it. */
function protocolOf(version: string): string | null {
  if (version === '2') return 'h2'
  return version === '1.1' ? 'http/1.1' : null
}

/** An attempt whose connection can be left for another one. */
interface Hop extends Attempt {
  leave(): void
}

function hopOf(attempt: Attempt): Hop {
  const releases: (() => void)[] = []
  let left = false
  const leave = () => {
    left = true
    for (const release of releases.splice(0)) release()
  }
  attempt.release(leave)
  return {
    finish: (ok, detail) => {
      if (!left) attempt.finish(ok, detail)
    },
    release: (what) => (left ? what() : void releases.push(what)),
    waitFor: attempt.waitFor,
    leave,
  }
}

interface Place {
  readonly path: string
  readonly followed: number
  readonly warning: string
}

function judgeOf(walk: Walk, hop: Hop, { path, followed, warning }: Place): Judge {
  const { answer, expect, http } = walk.check
  let status = 0
  const pass = () => {
    const way = followed === 0 ? '' : ` after ${followed} redirect${followed === 1 ? '' : 's'}`
    hop.finish(true, `status ${status}${way}${warning === '' ? '' : `; ${warning}`}`)
  }
  return {
    head(received, locationOf) {
      status = received
      const location = http !== undefined && http.redirects > 0 && isRedirect(status) ? locationOf() : null
      if (location !== null) follow(walk, hop, { path, followed, location })
      else if (!passes(status, expect)) hop.finish(false, `status ${status}`)
      else if (answer === undefined) pass()
      else return true
      return false
    },
    body(bytes) {
      const problem = answer === undefined ? null : answerProblem(bytes, answer, 'body')
      if (problem === null) pass()
      else hop.finish(false, `status ${status}, but ${problem}`)
    },
  }
}

function passes(status: number, expect: ProbeCheck['expect']): boolean {
  const isIn = ({ from, to }: StatusRange) => status >= from && status <= to
  return 'from' in expect ? isIn(expect) : expect.some(isIn)
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

function follow(
  walk: Walk,
  hop: Hop,
  {
    path,
    followed,
    location,
  }: { readonly path: string; readonly followed: number; readonly location: string },
): void {
  const most = walk.check.http?.redirects ?? 0
  const here = URL.parse(path, `${walk.scheme}://${walk.authority}`)
  const there = URL.parse(location, here?.href)
  if (followed >= most) hop.finish(false, `more than ${most} redirects`)
  else if (!here || !there) hop.finish(false, `redirects to ${location.slice(0, 100)}, which is no address`)
  else if (there.origin !== here.origin) hop.finish(false, `redirects to another host, ${there.origin}`)
  else {
    hop.leave()
    visit(walk, `${there.pathname}${there.search}`, followed + 1)
  }
}
