import type { DriverModule } from '../../core/driver.ts'
import { LOCAL_KEYS, type LocalConfig, parseLocal, templateOf } from './config.ts'

/** Servers are processes of this machine. */
export const local: DriverModule<LocalConfig> = {
  kind: 'local',
  keys: LOCAL_KEYS,
  parse: (raw, { baseDir }) => parseLocal(raw, baseDir),
  template: templateOf,
  measures: ['cpu', 'memory'],
  async open(config, about, host) {
    const { openLocal } = await import('./open.ts')
    return openLocal(config, about.fleet, host)
  },
}
