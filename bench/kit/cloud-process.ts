import { openSync } from 'node:fs'
import { handle } from '../../src/sandbox/handle.ts'
import { settled } from '../../src/sandbox/settle.ts'
import { worldOf } from './many-fleets.ts'
import { type CloudAnswer, type CloudCall, receive, send } from './pipe.ts'

/** A sandbox in a process of its own, so that its memory and its share of a core are not counted as the controller's. It answers one
 *  call after the other, at the time that each call names, until its caller closes the pipe. */
const [asked = '', answered = '', fleets = '[]', servers = '0'] = process.argv.slice(2)
const calls = openSync(asked, 'r')
const answers = openSync(answered, 'w')
let world = worldOf(JSON.parse(fleets) as string[], Number(servers))

for (let call = receive<CloudCall>(calls); call !== null; call = receive<CloudCall>(calls))
  send(answers, answerTo(call))

function answerTo({ now, request }: CloudCall): CloudAnswer {
  if (request === null) {
    world = settled(world, now)
    const { instances, released } = world.ecs
    return { servers: instances.size, released: released.length }
  }
  const { pathname, search } = new URL(request.url)
  const { method, headers, body } = request
  const handled = handle(world, { method, target: `${pathname}${search}`, headers, body }, now)
  world = handled.world
  const { answer } = handled
  return { status: answer.status, headers: answer.headers, text: answer.body }
}
