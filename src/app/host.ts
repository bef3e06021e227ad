import type { Settings } from '../core/settings.ts'
import type { Clock, Host, Logger } from '../core/time.ts'

const SILENT: Logger = { info() {}, warn() {}, error() {} }

/** What drivers need of this process. Without a log, what they would write there is for nobody: whoever asks is told of it. */
export function hostOf(
  { installation, stateDir }: Pick<Settings, 'installation' | 'stateDir'>,
  { clock, log = SILENT }: { readonly clock: Clock; readonly log?: Logger },
): Host {
  return { clock, rng: Math.random, log, installation, stateDir }
}
