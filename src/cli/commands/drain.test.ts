import { expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { drain } from './drain.ts'

/** What the command says when the API shows these weights, one after the other. */
async function said(weights: readonly number[]): Promise<{ text: string; looks: number }> {
  let looks = 0
  let text = ''
  const pools = async () => {
    const effectiveWeight = weights[Math.min(looks++, weights.length - 1)]
    const members = [
      { id: 'a:80@127.0.0.1:80', effectiveWeight },
      { id: 'b', effectiveWeight: 1 },
    ]
    return { items: [{ name: 'api', members }] }
  }
  const context = {
    client: { send: async () => ({}), get: pools },
    out: { note: (line: string) => void (text = line) },
    clock: { sleep: async () => {} },
    json: false,
  } as unknown as Context
  expect(await drain(context, 'a:80')).toBe(0)
  return { text, looks }
}

test('says that a server is drained when no pool sends it anything any more', async () => {
  expect(await said([100, 100, 0])).toMatchObject({
    text: expect.stringContaining('gets no new requests'),
    looks: 3,
  })
})

test('and not before', async () => {
  expect((await said([1])).text).toContain('still takes requests')
})
