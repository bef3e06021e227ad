import type { CanaryPhase } from '../core/canary.ts'
import type { Family } from './metric-family.ts'

const PHASES: readonly CanaryPhase[] = ['progressing', 'held', 'promoted', 'rolled-back']

/** How far canaries have come. What their two sides have done is counted as the classes `NAME/stable` and `NAME/canary`. */
export const CANARY_FAMILIES: readonly Family[] = [
  {
    name: 'tidegate_canary_share',
    type: 'gauge',
    help: 'Share of the requests that go to the new pool of the canary, from 0 to 1.',
    read: ({ canaries }) => canaries.map(({ name, share }) => ({ labels: { canary: name }, value: share })),
  },
  {
    name: 'tidegate_canary_phase',
    type: 'gauge',
    help: '1 for the phase that the canary is in, 0 for the others.',
    read: ({ canaries }) =>
      canaries.flatMap(({ name, phase: now }) =>
        PHASES.map((phase) => ({ labels: { canary: name, phase }, value: phase === now ? 1 : 0 })),
      ),
  },
]
