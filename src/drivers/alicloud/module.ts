import type { DriverModule } from '../../core/driver.ts'
import { ECS_KEYS, type EcsConfig, parseEcs, templateOf } from './ecs/config.ts'
import { ecsPermissions } from './ecs/permissions.ts'

/** Servers are ECS instances of Alibaba Cloud. */
export const alicloudEcs: DriverModule<EcsConfig> = {
  kind: 'alicloud-ecs',
  keys: ECS_KEYS,
  parse: parseEcs,
  template: templateOf,
  permissions: ecsPermissions,
  async open(config, about, host) {
    const { openEcs } = await import('./ecs/open.ts')
    return openEcs(config, about, host)
  },
}
