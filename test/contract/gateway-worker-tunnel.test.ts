import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { atRest, cleanUp, dial, gateway, serve, until } from '../kit/traffic.ts'

afterEach(cleanUp)

const TOTAL = 48 * 1024 * 1024

/** Bytes that are the same nowhere, in pieces of every size. */
function* pieces(): Generator<Buffer> {
  let word = 1
  for (let sent = 0; sent < TOTAL; ) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    const piece = Buffer.allocUnsafe(Math.min(TOTAL - sent, 1 + (word >>> (8 + (word % 16)))))
    for (let at = 0; at < piece.length; at++) piece[at] = (word + at * 31 + (sent >> 8)) & 0xff
    sent += piece.length
    yield piece
  }
}

test('tcp: what a server sends arrives as it was, though its reader stops and goes and others read between', async () => {
  const sent = createHash('sha256')
  const server = await serve((socket, nth) => {
    const rest = pieces()
    const more = (): void => {
      for (let piece = rest.next(); !piece.done; piece = rest.next()) {
        if (nth === 0) sent.update(piece.value)
        if (!socket.write(piece.value)) return
      }
      socket.end()
    }
    socket.on('drain', more)
    more()
  })
  const traffic = await gateway({ servers: [server.port], protocol: 'tcp' })
  const clients = await Promise.all([0, 1, 2].map(() => dial(traffic)))
  const heard = clients.map(() => createHash('sha256'))
  clients.forEach(({ socket }, at) => {
    let chunks = 0
    socket.removeAllListeners('data')
    socket.on('data', (chunk) => {
      heard[at]!.update(chunk)
      if (chunks++ % (37 * (at + 1)) !== 0) return
      socket.pause()
      setTimeout(() => socket.resume(), 2)
    })
    socket.on('end', () => socket.end())
  })
  await until(
    () => clients.every(({ ended }) => ended),
    () => 'the end of all',
  )
  const hash = sent.digest('hex')
  expect(heard.map((one) => one.digest('hex'))).toEqual([hash, hash, hash])
  await atRest(traffic)
})
