import { expect, test } from 'vitest'
import { storyOf } from '../fuzz/draw.ts'
import { Run } from '../fuzz/run.ts'
import { violationsOf } from '../fuzz/shrink.ts'
import { happened } from '../fuzz/tell.ts'

/** All of them for the CI; a few for who is waiting. */
const RUNS = process.env.CI ? 200 : 40
const FIRST = Number(process.env.FUZZ_SEED ?? 1)

test('whatever is drawn, every tick and every step keeps the invariants', {
  timeout: 900_000,
}, async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const [first] = await violationsOf(storyOf(seed))
    expect(first, `npm run fuzz -- --seed ${seed} --verbose`).toBeUndefined()
  }
})

test('a seed gives the same life again', async () => {
  const lives = [new Run(storyOf(7)), new Run(storyOf(7))]
  for (const life of lives) await life.live()
  const [once, again] = await Promise.all(lives.map((life) => happened(life)))
  expect(once).toContain('serves')
  expect(again).toBe(once)
})
