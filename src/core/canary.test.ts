import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { type CanaryPhase, canaryText } from './canary.ts'

test('whatever is said of a canary is said in Chinese too', () => {
  const phases: readonly CanaryPhase[] = ['progressing', 'held', 'promoted', 'rolled-back']
  const reasons = [
    'it begins',
    'ann ordered it',
    '12 of 100 requests of the new pool that are needed to judge',
    '12 of 100 requests of the old pool that are needed to judge',
    'success 93.1 % against 99.9 %',
    'p95 200 ms against 20.5 ms',
    'success 100 % against 99.9 %, p95 20 ms against 20.5 ms',
    'not certain yet: success 98 % against 99.9 %, p95 20 ms against 20.5 ms',
  ]
  const about = { name: 'web', stable: 'app', canary: 'next', share: 0.075, sinceAt: 0 }
  const texts = phases.flatMap((phase) => reasons.map((says) => canaryText({ ...about, phase, says })))
  expect(texts[0]).toBe('canary web: progressing, 7.5 % of the requests of app go to next: it begins')
  expect(untranslated(texts)).toEqual([])
})
