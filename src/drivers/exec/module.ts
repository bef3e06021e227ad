import type { DriverModule } from '../../core/driver.ts'
import { EXEC_KEYS, type ExecConfig, parseExec, templateOf } from './config.ts'

/** Servers are whatever a user's own commands list, launch and retire. */
export const exec: DriverModule<ExecConfig> = {
  kind: 'exec',
  keys: EXEC_KEYS,
  parse: (raw, { baseDir }) => parseExec(raw, baseDir),
  template: templateOf,
  async open(config, about, host) {
    const { openExec } = await import('./open.ts')
    return openExec(config, about.fleet, host)
  },
}
