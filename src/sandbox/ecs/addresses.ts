import type { World } from '../world.ts'

/** Those of a network that instances and load balancers have. */
export function takenIn({ ecs, alb }: World, vSwitch: string): ReadonlySet<string> {
  const instances = [...ecs.instances.values()].filter((one) => one.vSwitch === vSwitch)
  const zones = [...alb.of.loadbalancer.values()].flatMap((balancer) => balancer.zones)
  const balancers = zones.filter((zone) => zone.vSwitch === vSwitch)
  return new Set([...instances.map(({ ip }) => ip), ...balancers.map(({ address }) => address)])
}
