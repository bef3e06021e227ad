import type { World } from '../world.ts'
import type { Backend, Listener, LoadBalancer } from './state.ts'

/** The groups that a listener sends to, its own first; '' = the default one of its balancer. */
export function groupsOf({ settings, rules }: Listener): readonly string[] {
  return [...new Set([String(settings.VServerGroupId ?? ''), ...rules.map(({ group }) => group)])]
}

export function backendsOf({ slb }: World, { backends }: LoadBalancer, group: string): readonly Backend[] {
  return group === '' ? backends : slb.groups.get(group)!.backends
}

export function ipOf({ ecs }: World, { kind, server, ip }: Backend): string {
  return kind === 'eni' ? ip : ecs.instances.get(server)!.ip
}

/** One of the default group has the listener's. */
export function portOf({ settings }: Listener, { port }: Backend): number {
  return port ?? Number(settings.BackendServerPort)
}
