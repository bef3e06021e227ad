import { defineConfig } from 'vitest/config'

/** What people read is compared in English, whoever runs the tests. */
const env = { LC_ALL: 'C.UTF-8' }

/** One project a ring of tests; `npm run check` runs the first two, `npm test` all of them. Files share their modules, which keep no
 *  state: loading them anew for each file took longer than the tests. Those of `contract` mostly wait, so more run at once. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          env,
          isolate: false,
          setupFiles: ['test/kit/seed.ts'],
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'examples/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'contract',
          env,
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          setupFiles: ['test/kit/seed.ts'],
          include: ['test/contract/**/*.test.ts', 'test/scenarios/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          env,
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
