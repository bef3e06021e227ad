import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { threadTuner } from '../../src/app/tuning-thread.ts'
import type { TuningQuestion } from '../../src/core/tuning.ts'
import { TUNING_AIMS } from '../../src/core/tuning-spec.ts'
import { aFleet, aTarget } from '../kit/scaling.ts'

const QUESTION: TuningQuestion = {
  fleet: aFleet({ policies: [aTarget('rps-per-server', 40)] }),
  aims: TUNING_AIMS,
  load: [],
  stepMs: 300_000,
  server: { capacity: 80, slots: 8 },
  surelyRps: null,
  startup: { medianMs: 60_000, sigma: 0 },
  price: null,
  servers: null,
}
const NEVER = new AbortController().signal

test('a study is made in a thread of its own, one after another', async () => {
  const tuner = threadTuner()
  const both = await Promise.all([tuner.study(QUESTION, NEVER), tuner.study(QUESTION, NEVER)])
  for (const { says } of both) expect(says).toMatch(/^too little history/)
})

/** A thread that never answers. */
async function withStuck<T>(run: (entry: URL) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tuning-'))
  const file = join(folder, 'stuck.mjs')
  writeFileSync(file, 'for (;;) ;')
  try {
    return await run(pathToFileURL(file))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('one that takes too long is given up, and so is one that nobody waits for; the next has its turn', async () => {
  await withStuck(async (entry) => {
    const late = threadTuner({ entry, longestMs: 200 })
    await expect(late.study(QUESTION, NEVER)).rejects.toThrow('no study of settings: it was given up')
    const over = new AbortController()
    const tuner = threadTuner({ entry })
    const first = tuner.study(QUESTION, over.signal)
    const second = tuner.study(QUESTION, over.signal)
    over.abort()
    await expect(first).rejects.toThrow('given up')
    await expect(second).rejects.toThrow('given up')
  })
})

test('one whose thread fails is told', async () => {
  const entry = new URL('data:text/javascript,throw new Error("no memory")')
  await expect(threadTuner({ entry }).study(QUESTION, NEVER)).rejects.toThrow(
    'no study of settings: no memory',
  )
})
