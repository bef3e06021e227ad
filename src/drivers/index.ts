import type { BalancerDriverModule, DriverModule, MetricDriverModule } from '../core/driver.ts'
import { alicloudAlb, alicloudClb, alicloudEcs, cloudmonitor } from './alicloud/module.ts'
import { exec } from './exec/module.ts'
import { local } from './local/module.ts'
import { prometheus } from './prometheus/module.ts'

/** Every kind of fleet, by the word that `driver:` takes. Implementations load when they are opened. */
export const DRIVERS = { 'alicloud-ecs': alicloudEcs, exec, local } satisfies Record<
  string,
  DriverModule<unknown>
>

/** Every kind of source of metrics, likewise. */
export const METRIC_DRIVERS = { cloudmonitor, prometheus } satisfies Record<
  string,
  MetricDriverModule<unknown, unknown>
>

/** Every kind of balancer beside our own gateway, likewise. */
export const BALANCER_DRIVERS = { 'alicloud-alb': alicloudAlb, 'alicloud-clb': alicloudClb } satisfies Record<
  string,
  BalancerDriverModule<unknown>
>
