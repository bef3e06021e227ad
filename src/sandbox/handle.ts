import type { Millis } from '../core/time.ts'
import { type Answer, jsonAnswer, pageAnswer, refusedAnswer } from './answer.ts'
import { strikes } from './faults.ts'
import { forbidden, forbids } from './forbidden.ts'
import type { Call, Operation } from './operation.ts'
import { paced } from './pace.ts'
import { Given } from './parameters.ts'
import { PRODUCTS } from './products.ts'
import { Refusal } from './refusal.ts'
import { settled } from './settle.ts'
import { once } from './tokens.ts'
import { type HttpRequest, type Rpc, readRpc } from './wire/request.ts'
import { claimOf } from './wire/signature.ts'
import { type Key, type World, withEntry, withId } from './world.ts'

/** https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism: 15 minutes either way. */
const MAX_SKEW_MS = 15 * 60_000

export interface Handled {
  readonly world: World
  readonly answer: Answer
}

/** Answers one call as the cloud would. Pure: the same world, request and time give the same answer and the same next world. */
export function handle(before: World, request: HttpRequest, wallMs: Millis): Handled {
  const now = wallMs + before.skewMs
  const handled = handleAt(before, request, now)
  // Clients compare their clock with it.
  const headers = { ...handled.answer.headers, date: new Date(now).toUTCString() }
  return { ...handled, answer: { ...handled.answer, headers } }
}

function handleAt(before: World, request: HttpRequest, now: Millis): Handled {
  const [world, requestId] = withId(settled(before, now), 'SANDBOX-')
  let rpc: Rpc
  try {
    rpc = readRpc(request)
  } catch (error) {
    return { world, answer: refusedAnswer(error, requestId) }
  }
  const name = `${PRODUCTS[rpc.version]?.name ?? 'unknown'} ${rpc.action}`
  const [met, page] = brokenPage(world, name, now)
  if (page !== null) return { world: met, answer: page }
  const { world: after, answer } = answered(met, { request, rpc, name, requestId, now })
  const [late, latency] = strikes(after, 'latency', { now, operation: name })
  const [last, lost] = strikes(late, 'lost-answer', { now, operation: name })
  return { world: last, answer: { ...answer, delayMs: latency?.ms ?? 0, isLost: lost !== null } }
}

interface About {
  readonly request: HttpRequest
  readonly rpc: Rpc
  readonly name: string
  readonly requestId: string
  readonly now: Millis
}

function answered(world: World, about: About): { world: World; answer: Answer } {
  let reached = world
  try {
    const operation = operationOf(about.rpc)
    const claimed = admitted(world, about)
    reached = claimed.world
    const given = new Given(about.rpc.parameters, operation.parameters)
    const region = regionOf(world, about.rpc, given)
    reached = paced(reached, `${claimed.key.account} ${region} ${about.name}`, about.rpc.action, about.now)
    const [met, refusal] = refusedByFault(reached, about)
    reached = met
    if (refusal !== null) throw refusal
    const { key } = claimed
    const call = { world: reached, now: about.now, account: key.account, key, region, given }
    const done = performed(call, about.name, operation)
    return { world: done.world, answer: jsonAnswer(200, { RequestId: about.requestId, ...done.body }) }
  } catch (error) {
    return { world: reached, answer: refusedAnswer(error, about.requestId) }
  }
}

function refusedByFault(world: World, { now, name: operation }: About): readonly [World, Refusal | null] {
  const [met, throttled] = strikes(world, 'throttled', { now, operation })
  if (throttled !== null)
    return [met, new Refusal('Throttling.User', 'Request was denied due to user flow control.')]
  const [last, fault] = strikes(met, 'forbidden', {
    now,
    operation,
    fits: ({ code }) => forbids(operation, code),
  })
  return [last, fault === null ? null : forbidden(fault.code)]
}

function performed(call: Call, name: string, operation: Operation) {
  if (!call.given.flag('DryRun') || operation.dryRun === undefined) return once(call, name, operation, 0)
  operation.run(call)
  throw new Refusal(operation.dryRun, 'Request validation has been passed with DryRun flag set.')
}

function operationOf({ version, action }: Rpc): Operation {
  const product = PRODUCTS[version]
  if (product === undefined)
    throw new Refusal('InvalidVersion', `The specified parameter Version is not valid: ${version}.`)
  const operation = Object.hasOwn(product.operations, action) ? product.operations[action] : undefined
  if (operation === undefined)
    throw new Refusal(
      'InvalidAction.NotFound',
      `Specified api is not found, please check your url and method: the sandbox has no ${product.name} ${action}.`,
      404,
    )
  return operation
}

/** Where one of ECS is not known it says so, whatever is asked. */
function regionOf({ ecs }: World, { version }: Rpc, given: Given): string {
  const region = given.text('RegionId')
  const { knowsRegions } = PRODUCTS[version]!
  if (knowsRegions && region !== '' && !Object.hasOwn(ecs.regions, region))
    throw new Refusal('InvalidRegionId.NotFound', 'The specified RegionId does not exist.', 404)
  return region
}

/** Whose call it is, when its signature is right, of this time, and new. */
function admitted(world: World, { request, rpc, now }: About): { world: World; key: Key } {
  const claim = claimOf(request, rpc.signature)
  const key = world.keys.find(({ id }) => id === claim.accessKeyId)
  if (key === undefined)
    throw new Refusal('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404)
  claim.check(key.secret)
  if ((key.securityToken ?? null) !== claim.securityToken)
    throw new Refusal(
      'InvalidSecurityToken.MismatchWithAccessKey',
      'Specified SecurityToken is not for this access key.',
    )
  if (Math.abs(now - claim.date) > MAX_SKEW_MS)
    throw new Refusal('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
  if (world.nonces.has(claim.nonce))
    throw new Refusal('SignatureNonceUsed', 'Specified signature nonce was used already.')
  const young = [...world.nonces].filter(([, at]) => now - at <= 2 * MAX_SKEW_MS)
  const nonces = withEntry(young.length < world.nonces.size ? new Map(young) : world.nonces, claim.nonce, now)
  return { key, world: { ...world, nonces } }
}

/** What a proxy between client and cloud says; the cloud has not heard of the call. */
function brokenPage(world: World, operation: string, now: Millis): readonly [World, Answer | null] {
  const [first, html] = strikes(world, 'html', { now, operation })
  if (html !== null)
    return [first, pageAnswer(html.status, '<html><head><title>Bad Gateway</title></head></html>')]
  const [second, empty] = strikes(first, 'empty', { now, operation })
  return [second, empty === null ? null : pageAnswer(empty.status, '')]
}
