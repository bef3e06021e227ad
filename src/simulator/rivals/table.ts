import { aws, awsTracking } from './aws.ts'
import { ess } from './ess.ts'
import { fixed } from './fixed.ts'
import { hpa } from './hpa.ts'
import { keda } from './keda.ts'
import { kpa } from './kpa.ts'
import { mig } from './mig.ts'
import { mimirDay, mimirWeek } from './mimir.ts'
import type { Rival } from './rival.ts'
import { thresholdOne, thresholdShare } from './threshold.ts'

/** Every policy that a simulation can run beside the clairvoyant minimum. */
export const RIVALS: readonly Rival[] = [
  fixed,
  thresholdOne,
  thresholdShare,
  hpa,
  keda,
  kpa,
  mimirDay,
  mimirWeek,
  aws,
  awsTracking,
  mig,
  ess,
]
