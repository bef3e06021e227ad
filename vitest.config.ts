import { defineConfig } from 'vitest/config'

/** One project a ring of tests; `npm run check` runs the first two, `npm test` all of them. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/kit/seed.ts'],
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'examples/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'contract',
          setupFiles: ['test/kit/seed.ts'],
          include: ['test/contract/**/*.test.ts', 'test/scenarios/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
