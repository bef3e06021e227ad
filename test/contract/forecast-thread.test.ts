import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { LoadSeries } from '../../src/core/forecast.ts'
import { threadForecaster } from '../../src/drivers/forecast/thread.ts'
import { forecastOf } from '../../src/scaling/forecast/forecast.ts'

const NEVER = new AbortController().signal
const DAY = 86_400_000

const LOAD: LoadSeries = (() => {
  const peaks = Float64Array.from({ length: 10 * 288 }, (_, index) => 100 + (index % 288))
  return { startAt: 20_000 * DAY, stepMs: 300_000, means: peaks, peaks }
})()
const ABOUT = { now: LOAD.startAt + 10 * DAY, aheadMs: 120_000, experience: null }

/** A thread that does what this program says. */
function entry(program: string): URL {
  const path = join(mkdtempSync(join(tmpdir(), 'forecast-')), 'worker.mjs')
  writeFileSync(path, program)
  return pathToFileURL(path)
}

test('a thread forecasts what the same call would here', async () => {
  await using forecaster = threadForecaster()
  const first = await forecaster.forecast(LOAD, ABOUT, NEVER)
  expect(first).toEqual(forecastOf(LOAD, ABOUT, null))
  const { experience } = first!
  expect(await forecaster.forecast(LOAD, { ...ABOUT, experience }, NEVER)).toEqual(
    forecastOf(LOAD, ABOUT, experience),
  )
  expect(await forecaster.forecast({ ...LOAD, peaks: LOAD.peaks.slice(0, 0) }, ABOUT, NEVER)).toBe(null)
})

test('one that hangs is ended when nobody waits any more', async () => {
  await using forecaster = threadForecaster(
    entry("import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => { for (;;); })"),
  )
  const late = new AbortController()
  const answer = forecaster.forecast(LOAD, ABOUT, late.signal)
  late.abort(new Error('late'))
  await expect(answer).rejects.toMatchObject({
    code: 'internal',
    message: 'no forecast: its thread was ended',
  })
})

test('one that breaks down is a fault, and the next forecast starts another', async () => {
  await using forecaster = threadForecaster(
    entry(
      "import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => { throw new Error('broken') })",
    ),
  )
  for (let turn = 0; turn < 2; turn++)
    await expect(forecaster.forecast(LOAD, ABOUT, NEVER)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('broken'),
    })
})
