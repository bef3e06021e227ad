import type { BalancerSpec } from '../core/balancer.ts'
import { GATEWAY } from '../core/balancer.ts'
import type { Json } from '../core/canonical.ts'
import type { BalancerDriverModule } from '../core/driver.ts'
import type { DrivenBalancer } from '../core/settings.ts'
import { BALANCER } from './balancer-schema.ts'
import type { Path } from './document.ts'
import { checkKeys, driverNamed, isMapping, keysOf, picked, type Raw, taken } from './driver-part.ts'
import { checkReference, type Entry, entries } from './entries.ts'
import { parsePart } from './parse.ts'
import { POOL } from './pool-schema.ts'
import type { Report } from './report.ts'

export type BalancerDriver = BalancerDriverModule<unknown>
export type BalancerDrivers = Readonly<Record<string, BalancerDriver>>

/** A balancer that the file names. `driver` is null when there is a problem with it, which has been reported. */
export interface Carrier {
  readonly name: string
  readonly driver: BalancerDriver | null
  readonly config: unknown
  /** All kinds that there are. */
  readonly kinds: readonly BalancerDriver[]
}

/** By name. */
export type Carriers = ReadonlyMap<string, Carrier>

export function readCarriers(
  raw: unknown,
  about: { readonly drivers: BalancerDrivers; readonly baseDir: string },
  report: Report,
): Carriers {
  const all = entries(raw, 'balancers', report).map((entry) => readCarrier(entry, about, report))
  return new Map(all.map((carrier) => [carrier.name, carrier]))
}

function readCarrier(
  { name, raw, path }: Entry,
  { drivers, baseDir }: { readonly drivers: BalancerDrivers; readonly baseDir: string },
  report: Report,
): Carrier {
  if (name === GATEWAY)
    report.unknownKey(path, `${GATEWAY} is the name of our own; give this balancer another name`)
  const keys = keysOf(raw)
  const own = Object.keys(BALANCER.shape)
  const parsed = parsePart(BALANCER, isMapping(raw) ? picked(keys, own) : raw, path, report)
  const driver = parsed && driverNamed(keys.driver, { table: drivers, what: ' of balancers', path }, report)
  const kinds = Object.values(drivers)
  if (!driver) return { name, driver: null, config: null, kinds }
  const added = Object.keys(driver.keys)
  checkKeys(keys, [...own, ...added], path, report)
  const config = taken(driver.parse(picked(keys, added), { baseDir }), path, report)
  return { name, driver: config && driver, config: config?.value ?? null, kinds }
}

/** The name of the balancer that a listener or a pool names; one that there is not is reported. */
export function carrierOf({ raw, path }: Entry, carriers: Carriers, report: Report): string {
  const { balancer = GATEWAY } = keysOf(raw)
  if (typeof balancer !== 'string') return GATEWAY
  checkReference(
    'balancer',
    balancer,
    { path: [...path, 'balancer'], known: [GATEWAY, ...carriers.keys()] },
    report,
  )
  return balancer
}

/** A pool's section as all pools have it, and what its balancer's driver reads of it. */
export function splitPool(
  { raw, path, name }: Entry,
  carrier: Carrier | undefined,
  report: Report,
): { readonly entry: Entry; readonly part: Json | null } {
  const driver = carrier?.driver
  if (!carrier || !isMapping(raw)) return { entry: { raw, path, name }, part: null }
  if (!driver) return { entry: { raw: withoutAdded(raw, carrier.kinds), path, name }, part: null }
  const added = Object.keys(driver.poolKeys)
  const part = taken(driver.parsePool(picked(raw, added)), path, report)
  const common = Object.entries(raw).filter(([key]) => !added.includes(key))
  const section: Raw = { ...driver.poolDefaults, ...Object.fromEntries(common) }
  checkKeys(section, [...Object.keys(POOL.shape), ...added], path, report)
  checkHonoured(picked(section, Object.keys(POOL.shape)), { path, section: 'pools', carrier }, report)
  return { entry: { raw: picked(section, Object.keys(POOL.shape)), path, name }, part: part?.value ?? null }
}

/** Of a balancer that has a problem, keys that some kind knows are none of their own. */
function withoutAdded(raw: Raw, kinds: readonly BalancerDriver[]): Raw {
  const added = new Set(kinds.flatMap(({ poolKeys }) => Object.keys(poolKeys)))
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !added.has(key)))
}

/** These are for whoever configures it, and no balancer has to honour them. */
const OURS: readonly string[] = ['balancer', 'servers', 'fleet']

/** Reports what is written in a section and what its balancer cannot do, with those that can. */
export function checkHonoured(
  raw: unknown,
  {
    path,
    section,
    carrier: { driver, kinds },
  }: { readonly path: Path; readonly section: 'pools' | 'listeners'; readonly carrier: Carrier },
  report: Report,
): void {
  if (!driver) return
  const walk = (value: unknown, at: Path, key: string): void => {
    if (honours(driver, key)) return
    if (driver.honours.some((honoured) => honoured.startsWith(`${key}.`))) {
      if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...at, index], key)
      else
        for (const [name, inner] of Object.entries(keysOf(value)))
          walk(inner, [...at, name], `${key}.${name}`)
      return
    }
    const others = [GATEWAY, ...kinds.filter((kind) => honours(kind, key)).map(({ kind }) => kind)]
    report.unknownKey(at, `${driver.kind} cannot do this; these can: ${others.join(', ')}`)
  }
  for (const [name, value] of Object.entries(keysOf(raw)))
    if (!OURS.includes(name)) walk(value, [...path, name], `${section}.${name}`)
}

function honours({ honours }: BalancerDriver, key: string): boolean {
  return honours.some((honoured) => key === honoured || key.startsWith(`${honoured}.`))
}

/** What each balancer is to carry, when its driver can. */
export function drivenBalancers(
  carriers: Carriers,
  carriedBy: (name: string) => Pick<BalancerSpec, 'listeners' | 'pools'>,
  report: Report,
): readonly DrivenBalancer[] {
  checkDistinct(carriers, report)
  return [...carriers.values()].flatMap(({ name, driver, config }) => {
    if (!driver) return []
    const carried = carriedBy(name)
    if (carried.pools.length === 0) report.warn(['balancers', name], 'no pool names this balancer')
    const spec: BalancerSpec = { name, ...carried, panicRatio: 0, accessLog: null, bandwidthBps: null }
    for (const { path, message } of driver.refuses(spec)) report.error(path, message)
    return [{ driver: driver.kind, config: report.hide(config), spec }]
  })
}

/** Each takes away whatever it has not made of that which this installation has. */
function checkDistinct(carriers: Carriers, report: Report): void {
  const first = new Map<string, string>()
  for (const { name, driver, config } of carriers.values()) {
    const id = driver?.names?.(config) ?? null
    if (id === null) continue
    const other = first.get(id)
    if (other === undefined) first.set(id, name)
    else
      report.error(
        ['balancers', name],
        `balancer ${other} has ${id} already; expected its listeners and pools to name ${other}`,
      )
  }
}
