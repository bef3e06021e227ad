import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { readContestants } from './contestants.ts'
import { RIVALS } from './rivals/table.ts'
import { nameOf } from './run.ts'

function problem(text: string): string {
  const read = readContestants(text, RIVALS)
  if (read.ok) throw new Error('that was to be wrong')
  expect(untranslated([read.problem])).toEqual([])
  return read.problem
}

test('reads names with their targets', () => {
  const read = readContestants('hpa@55, ess,threshold-20%', RIVALS)
  expect(read.ok && read.contestants.map(nameOf)).toEqual(['hpa@55', 'ess@60', 'threshold-20%'])
})

test('says what is wrong with them', () => {
  expect(problem('hpa,vpa@60')).toMatch(/^there is no policy "vpa"; expected some of fixed, threshold,/)
  expect(problem('hpa@0')).toBe(
    'expected a target from 1 to 100 percent after @, such as hpa@60, got "hpa@0"',
  )
  expect(problem('hpa@high')).toContain('got "hpa@high"')
  expect(problem('threshold@60')).toBe('threshold has no target; leave @60 out')
})
