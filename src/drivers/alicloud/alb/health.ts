import { type Health, keyOf, type Place } from '../balancer/backend.ts'
import { Recent } from '../balancer/recent.ts'
import type { Fields } from '../client/fields.ts'
import type { Alb } from './alb.ts'

/** What the checks of a balancer's listeners say of the servers of its groups: of those that are well they are silent. */
export type AlbHealth = Recent<ReadonlyMap<string, GroupHealth>>

/** Of a group that listeners or rules send to: what is told of its servers, by `server:port`. */
type GroupHealth = ReadonlyMap<string, Health>

/** As many rules as one call tells of. */
const A_PAGE = 30

/** Of statuses: https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-getlistenerhealthstatus.
 *  `Unavailable` is one of a group that is not checked: it gets traffic. Others are yet to be checked, or `Unused`, of weight 0. */
const HEALTH: Readonly<Record<string, Health>> = { Unhealthy: 'abnormal', Unavailable: 'normal' }

export function albHealth(alb: Alb, about: { readonly loadBalancer: string }): AlbHealth {
  return new Recent((signal) => readHealth(alb, about.loadBalancer, signal), alb.means.clock)
}

/** Of one server. Nothing is known of groups that nobody sends to. */
export function healthOf(
  groups: ReadonlyMap<string, GroupHealth>,
  group: string,
  place: Pick<Place, 'server' | 'port'>,
): Health {
  const told = groups.get(group)
  return told === undefined ? 'unknown' : (told.get(keyOf(place)) ?? 'normal')
}

async function readHealth(
  alb: Alb,
  loadBalancer: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GroupHealth>> {
  const listeners = await alb.list(
    { action: 'ListListeners', name: 'Listeners', query: { LoadBalancerIds: [loadBalancer] } },
    (listener) => listener.text('ListenerId'),
    `the listeners of ${loadBalancer} cannot be read`,
    signal,
  )
  const groups = new Map<string, Map<string, Health>>()
  for (const listener of listeners)
    for (const { group, servers } of await readListener(alb, listener, signal)) {
      const told = groups.get(group) ?? new Map<string, Health>()
      groups.set(group, told)
      // Whoever fails for one listener is not well, whatever others say.
      for (const { key, health } of servers) if (told.get(key) !== 'abnormal') told.set(key, health)
    }
  return groups
}

async function readListener(alb: Alb, listener: string, signal: AbortSignal) {
  const all: ReturnType<typeof infosIn>[] = []
  let token: string | undefined
  do {
    const page = await alb.call(
      {
        action: 'GetListenerHealthStatus',
        query: { ListenerId: listener, IncludeRule: true, MaxResults: A_PAGE, NextToken: token },
      },
      (answer) => ({
        infos: [...infosIn(answer, 'ListenerHealthStatus'), ...infosIn(answer, 'RuleHealthStatus')],
        next: answer.has('NextToken') ? answer.text('NextToken') : '',
      }),
      `the health of listener ${listener} cannot be read`,
      signal,
    )
    all.push(page.infos)
    token = page.next
  } while (token !== '')
  return all.flat()
}

function infosIn(answer: Fields, name: string) {
  return listIn(answer, name)
    .flatMap((one) => listIn(one, 'ServerGroupInfos'))
    .map((info) => ({
      group: info.text('ServerGroupId'),
      servers: listIn(info, 'NonNormalServers').map((server) => ({
        key: `${server.text('ServerId')}:${server.text('Port')}`,
        health: HEALTH[server.text('Status')] ?? ('unknown' as const),
      })),
    }))
}

/** An empty one may be left out. */
function listIn(fields: Fields, name: string): readonly Fields[] {
  return fields.has(name) ? fields.list(name) : []
}
