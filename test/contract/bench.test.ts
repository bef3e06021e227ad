import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { benchGateway, CASES, chosen } from '../../bench/gateway.ts'
import { findProgram } from '../../bench/kit/processes.ts'

const able =
  availableParallelism() > 1 && ['nginx', 'haproxy', 'wrk', 'taskset', 'openssl'].every(findProgram)

test.skipIf(!able)(
  'a benchmark of the gateway tells what each contestant did, and who is missing and why',
  async () => {
    const args = ['--quick', '--cases', 'http1-with-features', '--contestants', 'haproxy,http-proxy-3']
    const { cases } = (await benchGateway(args)) as { cases: object[] }
    const figures = { cpuMicrosPerRequest: expect.any(Number), rps: expect.any(Number), errors: 0 }
    expect(cases).toEqual([
      {
        case: 'http1-with-features',
        missing: ['http-proxy-3: does not do features'],
        contestants: [expect.objectContaining({ name: 'haproxy', ...figures })],
      },
    ])
  },
)

test('a case that there is not is refused, with those that there are', () => {
  expect(() => chosen(CASES, ['--cases', 'http9'], '--cases')).toThrow(
    /no http9; there are http1-keep-alive-small,/,
  )
})
