import type { ListenerSpec, Purchase } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import type { Finding } from '../../../core/finding.ts'
import { ownedBy } from './backend.ts'

/** What a doctor says of a server group that the file names for a pool; `marks` are those of its members. */
export function groupFinding(
  { group, pool }: { readonly group: string; readonly pool: string },
  marks: readonly string[],
  installation: string,
): Finding {
  const foreign = marks.filter((mark) => ownedBy(installation, mark) === null).length
  const says = `${group} of pool ${pool}: ${marks.length - foreign} members are Tidegate's, and ${foreign} of others stay as they are`
  return { level: 'ok', about: 'server-groups', says }
}

/** Ports of the file at which somebody else's listener stands: it is never touched. `foreign` reads all ports of such listeners. */
export async function portFindings(
  loadBalancer: string,
  listeners: readonly ListenerSpec[],
  foreign: () => Promise<readonly number[]>,
): Promise<readonly Finding[]> {
  const about = 'listeners'
  if (listeners.length === 0) return []
  return await orFinding(about, async () => {
    const taken = new Set(await foreign())
    return listeners.map(({ name, bind }): Finding => {
      const says = `port ${bind.port} of ${loadBalancer} is free for listener ${name}`
      if (!taken.has(bind.port)) return { level: 'ok', about, says }
      return {
        level: 'problem',
        about,
        says: `port ${bind.port} of ${loadBalancer} has a listener that is not Tidegate's`,
        fix: `leave listener ${name} out and name the server group that it sends to, or delete it there`,
      }
    })
  })
}

/** What is to be done for a balancer that the file orders, and what it costs. */
export async function orderFindings(
  name: string,
  purchase: () => Promise<Purchase | undefined>,
): Promise<readonly Finding[]> {
  const about = 'balancers'
  return await orFinding(about, async () => {
    const bought = await purchase()
    if (bought === undefined) return []
    const { price } = bought
    const costs: Finding = { level: 'ok', about: 'costs', says: `${name} costs ${price}` }
    return [{ level: 'ok', about, says: orderText(name, bought) }, ...(price === null ? [] : [costs])]
  })
}

function orderText(name: string, { id, changes }: Purchase): string {
  const marked = (mark: '+' | '~') => changes.map((change) => `${mark} ${change}`).join(', ')
  if (id === null) return `${name} is to be made: ${marked('+')}`
  if (changes.length > 0) return `${id}, which was created for ${name}, is to be changed: ${marked('~')}`
  return `${id} was created for ${name} and is as ordered`
}

/** What the cloud refuses to a look is what that look finds. */
export async function orFinding(
  about: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{ level: 'problem', about, says: error.message, fix: 'mend what the cloud says here' }]
  }
}
