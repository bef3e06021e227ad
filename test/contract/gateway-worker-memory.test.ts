import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { answering, cleanUp, dial, GET, gateway, HELLO, serve } from '../kit/traffic.ts'

afterEach(cleanUp)

/** A slab's worth of forwarded heads, so that each idle connection's last one lies in another slab. */
const BATCH = 300
const IDLE = 40

test('an idle connection keeps no part of its last request', async () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  // Buffers are freed on another thread after their collection, and some only by the next one.
  const collect = async () => {
    for (let round = 0; round < 8; round++) {
      gc()
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const busy = await dial(traffic)
  const answer = (await busy.send(GET).hears('hello')).length
  await collect()
  const before = process.memoryUsage().arrayBuffers
  for (let n = 0; n < IDLE; n++) {
    await (await dial(traffic)).send(GET).hears('hello')
    await busy
      .forget()
      .send(GET.repeat(BATCH))
      .hears(BATCH * answer)
  }
  await collect()
  expect((process.memoryUsage().arrayBuffers - before) / IDLE).toBeLessThan(8 * 1024)
})
