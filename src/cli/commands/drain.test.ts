import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { Member, MemberState } from '../../core/balancer.ts'
import type { Context } from '../context.ts'
import { drain } from './drain.ts'
import { ready } from './ready.ts'

type Shown = readonly [state: MemberState, weight: number, effectiveWeight: number]
const SERVING: Shown = ['healthy', 100, 100]
const FAILING: Shown = ['unhealthy', 100, 0]
const DRAINED: Shown = ['draining', 0, 0]

/** What the command says when the API shows the server so, once after the other, and how often it had to look. */
async function said(
  command: typeof drain,
  shown: readonly Shown[],
): Promise<{ text: string; looks: number }> {
  let looks = 0
  let text = ''
  const members = (): Partial<Member>[] => {
    const [state, weight, effectiveWeight] = shown[Math.min(looks++, shown.length - 1)]!
    const others = { drain: SERVING, ready: DRAINED }[command.name as 'drain' | 'ready']
    return [
      { id: 'a:80@127.0.0.1:80', state, weight, effectiveWeight },
      { id: 'a:800', state: others[0], weight: others[1], effectiveWeight: others[2] },
    ]
  }
  const context = {
    client: { send: async () => ({}), get: async () => ({ items: [{ name: 'api', members: members() }] }) },
    out: { note: (line: string) => void (text = line) },
    clock: { sleep: async () => {} },
    json: false,
  } as unknown as Context
  expect(await command(context, 'a:80')).toBe(0)
  expect(untranslated([text])).toEqual([])
  return { text, looks }
}

test('says that a server is drained when no pool sends it anything any more', async () => {
  const { text, looks } = await said(drain, [SERVING, FAILING, ['draining', 0, 100], DRAINED])
  expect(text).toContain('gets no new requests')
  expect(looks).toBe(4)
  expect((await said(drain, [SERVING, ['gone', 100, 0]])).text).toContain('gets no new requests')
})

test('and not before', async () => {
  expect((await said(drain, [SERVING])).text).toContain('may still send it requests')
  expect((await said(drain, [FAILING])).text).toContain('may still send it requests')
})

test('says that a server may serve again when every pool has given its weight back', async () => {
  const { text, looks } = await said(ready, [DRAINED, ['draining', 100, 0], FAILING])
  expect(text).toContain('may serve again once its checks pass')
  expect(looks).toBe(3)
})

test('nor that before', async () => {
  expect((await said(ready, [DRAINED])).text).toContain('sends it nothing yet')
})
