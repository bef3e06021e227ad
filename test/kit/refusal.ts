import { expect } from 'vitest'
import { untranslated } from './chinese.ts'

/** The message of whatever a balancer, or who else, refuses; all of it is told in Chinese, but for the cloud's own words. */
export async function refusal(attempt: () => Promise<unknown>, code = 'balancer.refused'): Promise<string> {
  const error = await attempt().then(
    () => new Error('nothing was refused'),
    (thrown: Error & { code?: string }) => thrown,
  )
  expect(error).toMatchObject({ name: 'Fault', code })
  expect(untranslated([error.message.replace(/(: [\w.]+: ).* \(request \S+\)/, '$1X')])).toEqual([])
  return error.message
}
