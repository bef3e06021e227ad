import { afterEach, describe, expect, test } from 'vitest'
import type { MetricQuery, MetricSource, Reading } from '../../src/core/metrics.ts'

/** A source with something to measure. */
export interface MetricSourceHarness {
  readonly source: MetricSource
  /** What it can answer, if not at once then soon. */
  readonly query: MetricQuery
  now(): number
  /** Lets a little time pass. */
  pass(): Promise<void>
  /** Takes away what it measures, or by what. */
  lose(): Promise<void>
  close(): Promise<void>
}

const WINDOW_MS = 5_000
const MAX_LOOKS = 1_000
const never = new AbortController().signal

/** What every source of metrics promises (src/core/metrics.ts), and the simulator's stand-in with them. */
export function metricSourceContract(name: string, open: () => Promise<MetricSourceHarness>): void {
  describe(`a source of metrics: ${name}`, () => {
    const harnesses: MetricSourceHarness[] = []
    afterEach(async () => {
      for (const harness of harnesses.splice(0)) await harness.close()
    })

    async function opened(): Promise<MetricSourceHarness> {
      const harness = await open()
      harnesses.push(harness)
      return harness
    }

    async function until(
      harness: MetricSourceHarness,
      wanted: (reading: Reading) => boolean,
    ): Promise<Reading> {
      let last: Reading | undefined
      for (let look = 0; look < MAX_LOOKS; look++) {
        ;[last] = await harness.source.read([harness.query], WINDOW_MS, never)
        if (last && wanted(last)) return last
        await harness.pass()
      }
      throw new Error(`looked ${MAX_LOOKS} times in vain; the last reading was ${JSON.stringify(last)}`)
    }

    test('gives one reading a query, in order, whether it knows the metric or not', async () => {
      const harness = await opened()
      await until(harness, ({ ok }) => ok)
      const unknown = { ...harness.query, metric: 'what-nobody-measures' }
      const queries = [unknown, harness.query, unknown, harness.query]
      const readings = await harness.source.read(queries, WINDOW_MS, never)
      expect(readings.map(({ ok }) => ok)).toEqual([false, true, false, true])
      expect(readings[0]).toMatchObject({ why: 'no-data' })
      expect(readings[3]).toEqual(readings[1])
    })

    test('asked for nothing, it gives nothing', async () => {
      const { source } = await opened()
      expect(await source.read([], WINDOW_MS, never)).toEqual([])
    })

    test('a sample is a number, and not of the future', async () => {
      const harness = await opened()
      const reading = await until(harness, ({ ok }) => ok)
      if (!reading.ok) throw new Error('it has a sample')
      expect(Number.isFinite(reading.sample.value)).toBe(true)
      // Another process's clock may count fractions of a millisecond, and this one may not.
      expect(Math.floor(reading.sample.at)).toBeLessThanOrEqual(harness.now())
      expect(reading.sample.at).toBeGreaterThan(harness.now() - 60_000)
    })

    test('a sample is newer as time goes on', async () => {
      const harness = await opened()
      const first = await until(harness, ({ ok }) => ok)
      const at = (reading: Reading) => (reading.ok ? reading.sample.at : 0)
      expect(at(await until(harness, (reading) => at(reading) > at(first)))).toBeGreaterThan(at(first))
    })

    test('when there is nothing to measure any more, a reading says so and why, and nothing is thrown', async () => {
      const harness = await opened()
      await until(harness, ({ ok }) => ok)
      await harness.lose()
      const reading = await until(harness, ({ ok }) => !ok)
      expect(reading).toMatchObject({ ok: false, detail: expect.stringMatching(/./) })
      expect(['no-data', 'unreachable']).toContain(reading.ok || reading.why)
    })
  })
}
