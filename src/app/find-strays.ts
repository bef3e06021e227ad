import type { DriverModule } from '../core/driver.ts'
import { Fault } from '../core/fault.ts'
import type { Finding } from '../core/finding.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import { someOf, straysText } from '../core/strays.ts'
import type { Host } from '../core/time.ts'
import { DRIVERS } from '../drivers/index.ts'
import { formerPlaces, leavingFleets } from './fleets.ts'
import { type OpenedDriver, openDriver } from './open-driver.ts'

const ABOUT = 'strays'

interface Opened {
  readonly spec: FleetSpec
  readonly driver: OpenedDriver
  /** Its own servers are left too: the file has no such fleet there. */
  readonly isFormer: boolean
}

/** Servers of ours that no fleet of the file knows, wherever its fleets are or have been and somebody can be asked. Changes nothing. */
export async function findStrays(
  settings: Settings,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  const leaving = leavingFleets(settings)
  const all = [...settings.fleets, ...leaving]
  const former = [...leaving, ...formerPlaces(settings.stateDir, all)]
  await using stack = new AsyncDisposableStack()
  const opened: Opened[] = []
  const findings: Finding[] = []
  // All of them before any is asked: one that is not open would be a stray.
  for (const spec of [...settings.fleets, ...former].filter(canBeAsked)) {
    const isFormer = former.includes(spec)
    const open = async () => {
      opened.push({ spec, driver: stack.use(await openDriver(spec, settings, host)), isFormer })
      return []
    }
    findings.push(...(await orUnknown({ spec, isFormer }, open)))
  }
  for (const one of opened) findings.push(...(await orUnknown(one, () => lookAt(one, signal))))
  return findings
}

async function orUnknown(
  { spec, isFormer }: Pick<Opened, 'spec' | 'isFormer'>,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    // Of a fleet of the file its own examination has said why.
    if (!isFormer) return []
    const says = `whether fleet ${spec.name}, which the file no longer has there, has servers yet is not known: ${error.message}`
    return [{ level: 'warning', about: ABOUT, says }]
  }
}

async function lookAt({ spec, driver, isFormer }: Opened, signal: AbortSignal): Promise<readonly Finding[]> {
  const { servers, kept = [], strays = [] } = await driver.fleet.list(signal)
  const own = isFormer ? [...servers, ...kept].map(({ id }) => id) : []
  return [...left(spec, own), ...stray(strays)]
}

function left({ name }: FleetSpec, ids: readonly string[]): readonly Finding[] {
  if (ids.length === 0) return []
  const says = `${someOf(ids)}: of fleet ${name}, which the file no longer has there`
  const fix = '`tidegate down` stops them, where nothing runs that lets them leave'
  return [{ level: 'warning', about: ABOUT, says, fix }]
}

function stray(ids: readonly string[]): readonly Finding[] {
  if (ids.length === 0) return []
  const fix = 'delete them in the console, or put their fleet back into the file'
  return [{ level: 'warning', about: ABOUT, says: straysText(ids), fix }]
}

/** What opening one of the others would do on this machine is not for a doctor. */
function canBeAsked({ driver }: FleetSpec): boolean {
  const module: DriverModule<unknown> = DRIVERS[driver as keyof typeof DRIVERS]
  return module.examine !== undefined
}
