import type { Examination, Patient } from '../../../core/finding.ts'
import type { Host } from '../../../core/time.ts'
import { surroundingsOf } from '../account.ts'
import { instanceHere } from '../client/credentials/metadata.ts'
import { nodeTransport, type Transport } from '../client/transport.ts'
import type { EcsConfig } from '../ecs/config.ts'
import { listInstances } from '../ecs/instances.ts'
import { examineAccount, type Looked } from './examination.ts'
import { lookAtGroups } from './groups.ts'
import { lookAtListeners, readHere } from './here.ts'
import { type Look, unanswered } from './look.ts'
import { lookAtCosts, lookAtImage, lookAtQuota, lookAtStock } from './market.ts'
import { lookAtVSwitches } from './network.ts'
import { lookAtReservations } from './reservations.ts'
import { tryDeletion, tryLaunches } from './rights.ts'

const NOTHING: Looked = { findings: [], repairs: [] }

/** Asks the cloud whether a fleet could live there. It changes nothing; what its repairs would change is up to whoever runs them. */
export async function examineEcs(
  config: EcsConfig,
  { patient, host, signal }: { readonly patient: Patient; readonly host: Host; readonly signal: AbortSignal },
  transport: Transport = nodeTransport,
): Promise<Examination> {
  const { installation, clock } = host
  // Tokens end with whole milliseconds.
  const now = Math.trunc(clock.now())
  const machine = await instanceHere(surroundingsOf(host, transport), signal)
  return await examineAccount(config, { host, signal }, transport, (call) =>
    lookAround({ call, config, patient, installation, clock, now, signal }, machine),
  )
}

/** `machine`: the id of the ECS server on which this runs; null = it is none. */
async function lookAround(look: Look, machine: string | null): Promise<Looked> {
  const listed = await listInstances(
    look.call,
    { region: look.config.region, installation: look.installation, fleet: null, before: [] },
    look.signal,
  )
  const own = listed.ok ? listed.value.filter(({ fleet }) => fleet === look.patient.fleet) : []
  const network = await lookAtVSwitches(look)
  const zones = [...new Set(network.vSwitches.map(({ zone }) => zone))]
  const here = machine === null ? null : await readHere(look, machine)
  const groups = await lookAtGroups(look, network.vSwitches, here)
  const listeners = here === null ? NOTHING : await lookAtListeners(look, here)
  return {
    findings: [
      ...(listed.ok ? [] : [unanswered('permissions', listed.fault)]),
      ...(await tryLaunches(look)),
      ...(await tryDeletion(look, own)),
      ...(await lookAtImage(look)),
      ...(await lookAtStock(look, zones)),
      ...(await lookAtReservations(look, zones)),
      ...(await lookAtQuota(look, own)),
      ...(await lookAtCosts(look)),
      ...network.findings,
      ...groups.findings,
      ...listeners.findings,
    ],
    repairs: [...groups.repairs, ...listeners.repairs],
  }
}
