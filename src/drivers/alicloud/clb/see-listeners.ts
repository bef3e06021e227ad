import { ownedBy } from '../balancer/backend.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Fields } from '../client/fields.ts'
import type { ListedListener, SeenListener } from './plan-listeners.ts'
import type { Settings } from './wanted-listener.ts'

const PAGE = 100

export interface About {
  readonly region: string
  readonly loadBalancer: string
  readonly installation: string
}

type Listed = ListedListener

/** All listeners of a balancer; of Tidegate's own with their settings, rules and certificates. */
export async function seeListeners(
  means: Means,
  about: About,
  { names, isOurs }: { readonly names: readonly string[]; readonly isOurs: (listener: Listed) => boolean },
  signal: AbortSignal,
): Promise<readonly SeenListener[]> {
  const seen: SeenListener[] = []
  for (const listed of await listListeners(means, about, signal)) {
    const isRead = isOurs(listed)
    seen.push({
      ...listed,
      settings: isRead ? await settingsOf(means, { ...about, listed, names }, signal) : {},
      rules:
        isRead && listed.protocol.startsWith('http')
          ? await rulesOf(means, { ...about, listed }, signal)
          : [],
      domains:
        isRead && listed.protocol === 'https' ? await domainsOf(means, { ...about, listed }, signal) : [],
    })
  }
  return seen
}

/** All listeners of a balancer. */
export async function listListeners(
  means: Means,
  { region, loadBalancer, installation }: About,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const all: Listed[] = []
  let token: string | undefined
  do {
    const page = await patiently(
      means,
      {
        product: 'slb',
        action: 'DescribeLoadBalancerListeners',
        query: { RegionId: region, LoadBalancerId: [loadBalancer], MaxResults: PAGE, NextToken: token },
        read: (answer) => ({
          listeners: answer.list('Listeners').map((one) => listedOf(one, installation)),
          next: answer.has('NextToken') ? answer.text('NextToken') : '',
        }),
      },
      `the listeners of ${loadBalancer} cannot be read`,
      signal,
    )
    all.push(...page.listeners)
    token = page.next
  } while (token !== '')
  return all
}

function listedOf(listener: Fields, installation: string): Listed {
  const description = listener.has('Description') ? listener.text('Description') : ''
  return {
    port: listener.number('ListenerPort'),
    protocol: listener.text('ListenerProtocol'),
    isOwn: ownedBy(installation, description) !== null,
    // One that is being configured runs.
    isRunning: !['stopped', 'stopping'].includes(listener.text('Status')),
    description,
  }
}

/** Those of these names that it has. */
async function settingsOf(
  means: Means,
  {
    region,
    loadBalancer,
    listed,
    names,
  }: About & { readonly listed: Listed; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<Settings> {
  return await patiently(
    means,
    {
      product: 'slb',
      action: `DescribeLoadBalancer${listed.protocol.toUpperCase()}ListenerAttribute`,
      query: { RegionId: region, LoadBalancerId: loadBalancer, ListenerPort: listed.port },
      read: (answer) =>
        Object.fromEntries(names.filter((name) => answer.has(name)).map((name) => [name, answer.text(name)])),
    },
    `the listener at port ${listed.port} of ${loadBalancer} cannot be read`,
    signal,
  )
}

async function rulesOf(
  means: Means,
  { region, loadBalancer, listed }: About & { readonly listed: Listed },
  signal: AbortSignal,
): Promise<SeenListener['rules']> {
  const { port, protocol } = listed
  return await patiently(
    means,
    {
      product: 'slb',
      action: 'DescribeRules',
      query: {
        RegionId: region,
        LoadBalancerId: loadBalancer,
        ListenerPort: port,
        ListenerProtocol: protocol,
      },
      read: (answer) =>
        answer
          .inside('Rules')
          .list('Rule')
          .map((rule) => ({
            id: rule.text('RuleId'),
            name: rule.text('RuleName'),
            domain: rule.has('Domain') ? rule.text('Domain') : '',
            url: rule.has('Url') ? rule.text('Url') : '',
            group: rule.text('VServerGroupId'),
          })),
    },
    `the rules of the listener at port ${port} of ${loadBalancer} cannot be read`,
    signal,
  )
}

async function domainsOf(
  means: Means,
  { region, loadBalancer, listed: { port } }: About & { readonly listed: Listed },
  signal: AbortSignal,
): Promise<SeenListener['domains']> {
  return await patiently(
    means,
    {
      product: 'slb',
      action: 'DescribeDomainExtensions',
      query: { RegionId: region, LoadBalancerId: loadBalancer, ListenerPort: port },
      read: (answer) =>
        answer
          .inside('DomainExtensions')
          .list('DomainExtension')
          .map((one) => ({
            id: one.text('DomainExtensionId'),
            domain: one.text('Domain'),
            certificate: one.text('ServerCertificateId'),
          })),
    },
    `the certificates of the listener at port ${port} of ${loadBalancer} cannot be read`,
    signal,
  )
}
