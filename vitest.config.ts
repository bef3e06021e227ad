import { defineConfig } from 'vitest/config'

/** What people read is compared in English, whoever runs the tests. */
const env = { LC_ALL: 'C.UTF-8' }

/** End to end too, but they mostly wait for what the cloud takes its time for. */
const CLOUD = ['test/e2e/alicloud*.test.ts', 'test/e2e/start-alicloud.test.ts']

/** One project a ring of tests; `npm run check` runs the first two, `npm test` all of them. Files share their modules, which keep no
 *  state: loading them anew for each file took longer than the tests. Those of `contract` and `cloud` mostly wait, so more run at once. */
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
          name: 'cloud',
          env,
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          include: CLOUD,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          env,
          include: ['test/e2e/**/*.test.ts'],
          exclude: CLOUD,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
          fileParallelism: false,
        },
      },
    ],
  },
})
