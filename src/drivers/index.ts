import type { DriverModule, MetricDriverModule } from '../core/driver.ts'
import { alicloudEcs } from './alicloud/module.ts'
import { exec } from './exec/module.ts'
import { local } from './local/module.ts'
import { prometheus } from './prometheus/module.ts'

/** Every kind of fleet, by the word that `driver:` takes. Implementations load when they are opened. */
export const DRIVERS = { 'alicloud-ecs': alicloudEcs, exec, local } satisfies Record<
  string,
  DriverModule<unknown>
>

/** Every kind of source of metrics, likewise. */
export const METRIC_DRIVERS = { prometheus } satisfies Record<string, MetricDriverModule<unknown, unknown>>
