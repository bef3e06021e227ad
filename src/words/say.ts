import { languageOf } from './language.ts'
import { type Catalog, type Say, translator } from './translate.ts'
import { ALICLOUD } from './zh/alicloud.ts'
import { BALANCING } from './zh/balancing.ts'
import { CAPABILITIES } from './zh/capabilities.ts'
import { CHECKS } from './zh/checks.ts'
import { CLOUDMONITOR } from './zh/cloudmonitor.ts'
import { COMMANDS } from './zh/commands.ts'
import { CONFIG } from './zh/config.ts'
import { COST } from './zh/cost.ts'
import { DOCTOR } from './zh/doctor.ts'
import { DRIVERS } from './zh/drivers.ts'
import { EVENTS } from './zh/events.ts'
import { FAULTS } from './zh/faults.ts'
import { HELP } from './zh/help.ts'
import { RULES } from './zh/rules.ts'
import { SCALING } from './zh/scaling.ts'
import { SETTINGS } from './zh/settings.ts'
import { SHADOW } from './zh/shadow.ts'
import { SIMULATOR } from './zh/simulator.ts'
import { TUNING } from './zh/tuning.ts'

export const CHINESE: Catalog = {
  ...FAULTS,
  ...HELP,
  ...COMMANDS,
  ...COST,
  ...SHADOW,
  ...CONFIG,
  ...SETTINGS,
  ...RULES,
  ...SCALING,
  ...EVENTS,
  ...ALICLOUD,
  ...CLOUDMONITOR,
  ...BALANCING,
  ...CAPABILITIES,
  ...CHECKS,
  ...DRIVERS,
  ...DOCTOR,
  ...SIMULATOR,
  ...TUNING,
}

/** Compiled when it is first needed: few read both. */
let chinese: Say | null = null

/** What people read, in the language of their environment. */
export function sayIn(env: Readonly<Record<string, string | undefined>>): Say {
  if (languageOf(env) === 'en') return (text) => text
  return (chinese ??= translator(CHINESE))
}
