import { messageOf } from '../../../core/fault.ts'
import type { Clock, Millis, Rng } from '../../../core/time.ts'
import { within } from '../../../core/within.ts'
import { readAnswer } from './answer.ts'
import { Bucket } from './bucket.ts'
import { type CloudFault, type CloudFaultKind, isInProcess, type Outcome } from './cloud-fault.ts'
import type { CredentialKeeper } from './credentials/chain.ts'
import type { Credentials } from './credentials/credentials.ts'
import { type Fields, WrongAnswer } from './fields.ts'
import { nonceFrom } from './nonce.ts'
import { operationOf } from './operation.ts'
import { isRead, retryDelay } from './retry.ts'
import { type Operation, rpcRequest, type Where } from './rpc.ts'
import { timeoutOf } from './timeouts.ts'
import { type Transport, Unsent } from './transport.ts'

/** How long a call waits for its turn before it gives up, as a refusal that tells how long it would have been. */
const PATIENCE_MS = 5_000
/** The cloud writes whole seconds, and its answer has been on its way. */
const SKEWED_MS = 60_000

/** Codes that say the credentials have ended or are gone; new ones may be had. */
const STALE = new Set([
  'InvalidSecurityToken.Expired',
  'InvalidAccessKeyId.NotFound',
  'InvalidAccessKeyId.Inactive',
])

export interface Call<T> extends Operation {
  /** Takes what it needs of the answer; what is missing or of the wrong type is named. */
  readonly read: (answer: Fields) => T
}

export interface Means {
  readonly where: Where
  readonly credentials: CredentialKeeper
  readonly transport: Transport
  readonly clock: Clock
  readonly rng: Rng
}

/** Makes one call, again where that is safe, and never throws for what the cloud or the network does. Rejects only with the reason of
 *  `signal`. */
export type CallCloud = <T>(call: Call<T>, signal: AbortSignal) => Promise<Outcome<T>>

/** The client of one account in one region: each operation has its own pace, as the cloud counts. */
export function openClient(means: Means): CallCloud {
  const paces = new Map<string, Pace>()
  const cloud: Cloud = { ...means, aheadMs: 0 }
  return async (call, signal) => {
    const key = `${call.product} ${call.action}`
    const pace = paces.get(key) ?? { bucket: new Bucket(means.clock.now()), refusedWith: null }
    paces.set(key, pace)
    return repeat(cloud, pace, call, signal)
  }
}

/** Of one operation. */
interface Pace {
  readonly bucket: Bucket
  /** What the cloud last said of calls that were too many. */
  refusedWith: CloudFault | null
}

interface Cloud extends Means {
  /** How much its clock is ahead of ours, as its last refusal for that told. */
  aheadMs: Millis
}

async function repeat<T>(means: Cloud, pace: Pace, call: Call<T>, signal: AbortSignal): Promise<Outcome<T>> {
  const repeatable = isRead(call.action) || hasToken(call)
  let renewed = false
  let lost: CloudFault | null = null
  for (let attempt = 1; ; attempt++) {
    const crowded = await turn(means.clock, pace, signal)
    if (crowded !== null) return { ok: false, fault: lost ?? crowded }
    const outcome = await attemptOnce(means, pace, call, signal)
    if (outcome.ok) return outcome
    if ((STALE.has(outcome.fault.code) || isOfAnotherTime(outcome.fault)) && !renewed) {
      renewed = true
      continue
    }
    if (mayBeDone(outcome.fault) && !isRead(call.action)) lost = { ...outcome.fault, kind: 'lost' }
    const delay = retryDelay(outcome.fault, { attempt, repeatable, rng: means.rng })
    if (delay === null) return { ok: false, fault: lost ?? outcome.fault }
    await means.clock.sleep(delay, signal)
  }
}

/** Once a write may have been done, no refusal of its repetition tells that it was not. */
function mayBeDone({ kind, code }: CloudFault): boolean {
  return kind === 'lost' || isInProcess(code)
}

/** Signed at a time that the cloud calls past or to come. */
function isOfAnotherTime({ code }: CloudFault): boolean {
  return code.startsWith('InvalidTimeStamp')
}

/** Whether the cloud would know the call again. */
function hasToken({ query, form }: Operation): boolean {
  return typeof (query.ClientToken ?? form?.ClientToken) === 'string'
}

/** Waits for the bucket's leave: null when it came. */
async function turn(clock: Clock, pace: Pace, signal: AbortSignal): Promise<CloudFault | null> {
  const { bucket } = pace
  do {
    const leave = bucket.take(clock.now(), PATIENCE_MS)
    if (!leave.granted)
      return {
        ...(pace.refusedWith ?? fault('throttled', 'Paced', 'too many calls of this operation wait already')),
        retryAfterMs: leave.retryAfterMs,
      }
    await clock.sleep(leave.waitMs, signal)
    // Another call was refused while this one waited.
  } while (bucket.closedForMs(clock.now()) > 0)
  return null
}

async function attemptOnce<T>(
  means: Cloud,
  pace: Pace,
  call: Call<T>,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  let credentials: Credentials
  try {
    credentials = await means.credentials.get()
  } catch (error) {
    return { ok: false, fault: fault('unsent', 'Credentials', messageOf(error)) }
  }
  const sentAt = means.clock.now()
  const answer = await send(means, call, credentials, signal)
  if (!answer.ok) {
    learn(answer.fault, { means, pace, call, credentials, sentAt })
    return answer
  }
  return valueIn(call, answer.value)
}

async function send(
  cloud: Cloud,
  call: Operation,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Outcome<Fields>> {
  const { where, transport, clock, rng } = cloud
  const attempt = { date: clock.now() + cloud.aheadMs, nonce: nonceFrom(rng) }
  const { request, stringToSign } = rpcRequest(call, where, credentials, attempt)
  try {
    const answer = await within(clock, timeoutOf(call.action), signal, (either) => transport(request, either))
    const outcome = readAnswer(answer, stringToSign)
    if (outcome.ok) return outcome
    const theirs = Date.parse(answer.headers.date ?? '')
    const behindMs = Number.isNaN(theirs) ? 0 : theirs - clock.now()
    // A wall that is set while we run moves no clock of ours.
    if (isOfAnotherTime(outcome.fault) && behindMs !== 0) cloud.aheadMs = behindMs
    const isSkewed = Math.abs(behindMs) >= SKEWED_MS
    const seen = { operation: operationOf(call), ...(isSkewed && { aheadMs: -behindMs }) }
    return { ok: false, fault: { ...outcome.fault, ...seen } }
  } catch (error) {
    signal.throwIfAborted()
    const host = new URL(request.url).host
    return error instanceof Unsent
      ? { ok: false, fault: fault('unsent', 'Unreached', `${host} cannot be reached: ${error.message}`) }
      : { ok: false, fault: fault('lost', 'NoAnswer', `${host} gave no whole answer: ${messageOf(error)}`) }
  }
}

function learn(
  refused: CloudFault,
  about: {
    readonly means: Means
    readonly pace: Pace
    readonly call: Operation
    readonly credentials: Credentials
    readonly sentAt: Millis
  },
): void {
  const { means, pace, call, credentials, sentAt } = about
  const { kind, code, retryAfterMs } = refused
  if (kind === 'throttled') {
    pace.refusedWith = refused
    const [now, untilNextMinute] = [means.clock.now(), call.product === 'ecs']
    pace.bucket.refused({ sentAt, now, retryAfterMs, untilNextMinute })
  }
  if (STALE.has(code)) means.credentials.refused(credentials)
}

function valueIn<T>({ action, read }: Call<T>, answer: Fields): Outcome<T> {
  try {
    return { ok: true, value: read(answer) }
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error
    const unread = fault('unread', 'WrongAnswer', `${action} was done, but of its answer ${error.message}`)
    return {
      ok: false,
      fault: { ...unread, requestId: answer.has('RequestId') ? answer.text('RequestId') : null },
    }
  }
}

function fault(kind: CloudFaultKind, code: string, message: string): CloudFault {
  return { kind, code, message, requestId: null, status: null, retryAfterMs: null }
}
