import type { BalancerDriverModule, DriverModule, MetricDriverModule } from '../../core/driver.ts'
import { accountOf } from './account-keys.ts'
import { ALB_CAPABILITIES } from './alb/capabilities.ts'
import { ALB_KEYS, ALB_POOL_KEYS, type AlbConfig, parseAlb, parseAlbPool } from './alb/config.ts'
import { ALB_HONOURS } from './alb/honours.ts'
import { albPermissions } from './alb/permissions.ts'
import { albRefuses } from './alb/refuses.ts'
import { CLB_CAPABILITIES } from './clb/capabilities.ts'
import { CLB_KEYS, CLB_POOL_KEYS, type ClbConfig, parseClb, parseClbPool } from './clb/config.ts'
import { CLB_HONOURS } from './clb/honours.ts'
import { clbPermissions } from './clb/permissions.ts'
import { clbRefuses } from './clb/refuses.ts'
import {
  type CloudMonitorConfig,
  freshMs,
  METRIC_KEYS,
  type MetricConfig,
  parseMetric,
  parseSource,
  SOURCE_KEYS,
} from './cloudmonitor/config.ts'
import { cloudMonitorPermissions, cloudMonitorWarnings } from './cloudmonitor/offline.ts'
import { ECS_KEYS, type EcsConfig, identityOf, parseEcs, templateOf } from './ecs/config.ts'
import { ecsPermissions } from './ecs/permissions.ts'
import { regionOf } from './region.ts'

/** Servers are ECS instances of Alibaba Cloud. */
export const alicloudEcs: DriverModule<EcsConfig> = {
  kind: 'alicloud-ecs',
  keys: ECS_KEYS,
  parse: parseEcs,
  template: templateOf,
  prices: true,
  types: true,
  identity: identityOf,
  permissions: ecsPermissions,
  stands: ({ region, template, credentials }) => ({
    region,
    zones: template.vSwitches.length,
    account: accountOf(credentials),
  }),
  regionOf,
  async examine(config, about) {
    const { examineEcs } = await import('./doctor/doctor.ts')
    return await examineEcs(config, about)
  },
  async open(config, about, host) {
    const { openEcs } = await import('./ecs/open.ts')
    return openEcs(config, about, host)
  },
}

/** Traffic is carried by a CLB instance of Alibaba Cloud. */
export const alicloudClb: BalancerDriverModule<ClbConfig> = {
  kind: 'alicloud-clb',
  keys: CLB_KEYS,
  poolKeys: CLB_POOL_KEYS,
  poolDefaults: { algorithm: 'round-robin' },
  honours: CLB_HONOURS,
  capabilities: CLB_CAPABILITIES,
  parse: parseClb,
  parsePool: parseClbPool,
  refuses: clbRefuses,
  permissions: clbPermissions,
  names: ({ loadBalancer }) => (typeof loadBalancer === 'string' ? loadBalancer : null),
  orders: ({ loadBalancer }) => typeof loadBalancer !== 'string',
  stands: ({ region, credentials }) => ({ region, zones: null, account: accountOf(credentials) }),
  // The cloud keeps it for this: https://www.alibabacloud.com/help/faq-detail/55198.htm.
  comesFrom: ['100.64.0.0/10'],
  async examine(config, about) {
    const { examineClb } = await import('./clb/examine.ts')
    return await examineClb(config, about)
  },
  async remove(config, about, host) {
    const { removeClb } = await import('./clb/remove.ts')
    return await removeClb(config, about, host)
  },
  async open(config, about, host) {
    const { openClb } = await import('./clb/open.ts')
    return openClb(config, about, host)
  },
}

/** Traffic is carried by an ALB instance of Alibaba Cloud. */
export const alicloudAlb: BalancerDriverModule<AlbConfig> = {
  kind: 'alicloud-alb',
  keys: ALB_KEYS,
  poolKeys: ALB_POOL_KEYS,
  poolDefaults: { algorithm: 'round-robin' },
  honours: ALB_HONOURS,
  capabilities: ALB_CAPABILITIES,
  parse: parseAlb,
  parsePool: parseAlbPool,
  refuses: albRefuses,
  permissions: albPermissions,
  names: ({ loadBalancer }) => (typeof loadBalancer === 'string' ? loadBalancer : null),
  orders: ({ loadBalancer }) => typeof loadBalancer !== 'string',
  stands: ({ region, credentials }) => ({ region, zones: null, account: accountOf(credentials) }),
  async examine(config, about) {
    const { examineAlb } = await import('./alb/examine.ts')
    return await examineAlb(config, about)
  },
  async remove(config, about, host) {
    const { removeAlb } = await import('./alb/remove.ts')
    return await removeAlb(config, about, host)
  },
  async open(config, about, host) {
    const { openAlb } = await import('./alb/open.ts')
    return openAlb(config, about, host)
  },
}

/** Metrics are those of CloudMonitor. */
export const cloudmonitor: MetricDriverModule<CloudMonitorConfig, MetricConfig> = {
  kind: 'cloudmonitor',
  sourceKeys: SOURCE_KEYS,
  metricKeys: METRIC_KEYS,
  parseSource,
  parseMetric,
  freshMs,
  warnings: cloudMonitorWarnings,
  permissions: cloudMonitorPermissions,
  async examine(config, metrics, about) {
    const { examineCloudMonitor } = await import('./cloudmonitor/examine.ts')
    return await examineCloudMonitor(config, metrics, about)
  },
  async open(config, metrics, host) {
    const { openCloudMonitor } = await import('./cloudmonitor/open.ts')
    return openCloudMonitor(config, metrics, host)
  },
}
