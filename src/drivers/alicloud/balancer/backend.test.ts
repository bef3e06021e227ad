import { expect, test } from 'vitest'
import { markOf, ownedBy } from './backend.ts'

test.each(['i-bp1abc', '10.0.0.1:80', '[fe80::1]:8080', 'worker_1', "o'clock %20 ü"])(
  'a mark of %s is of signs that the cloud takes, and tells whose it is',
  (id) => {
    const mark = markOf('demo', { id, fixed: false })
    expect(mark).toMatch(/^[\w\-/.]+$/)
    expect(ownedBy('demo', mark)).toEqual({ id, fixed: false })
    expect(ownedBy('other', mark)).toBeNull()
  },
)

test('what nobody has written so is somebody else’s', () => {
  for (const mark of [
    '',
    'by-hand',
    'tidegate/demo/file/',
    'tidegate/demo/file/a_zz',
    'tidegate/demo/none/a',
  ])
    expect(ownedBy('demo', mark)).toBeNull()
})
