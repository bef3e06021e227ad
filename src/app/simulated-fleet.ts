import { checkSettings } from '../config/load.ts'
import { Fault } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import type { ServerShape } from '../scaling/erlang.ts'
import { policiesOf } from '../scaling/policies/compile.ts'
import type { Rival } from '../simulator/rivals/rival.ts'
import { type Deciding, tidegate } from '../simulator/rivals/tidegate.ts'

/** Tidegate as it takes part where no fleet of a file decides: with the policies `target` and `seasonal`, and with `forecast` beside. */
export function tidegates(server: ServerShape): readonly Rival[] {
  const forecasting = tidegate((target) => targetFleet(server, target, ['target', 'seasonal', 'forecast']))
  return [tidegate((target) => targetFleet(server, target)), { ...forecasting, name: 'tidegate-forecast' }]
}

/** A fleet as the configuration makes it of policies with a target, with the defaults of everything else. */
export function targetFleet(
  { capacity }: ServerShape,
  target: number,
  types: readonly ('target' | 'seasonal' | 'forecast')[] = ['target', 'seasonal'],
): Deciding {
  const text = JSON.stringify({
    listeners: { web: { bind: '127.0.0.1:8080', protocol: 'http', pool: 'simulated' } },
    pools: { simulated: { fleet: 'simulated' } },
    fleets: {
      simulated: {
        driver: 'local',
        command: ['server'],
        min: 1,
        max: 1,
        policies: types.map((type) => ({ type, metric: 'rps-per-server', value: capacity * target })),
      },
    },
  })
  const loaded = checkSettings(text, 'simulated.yaml', { env: {}, now: 0 })
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
  return fleetOf(loaded.settings, 'simulated')
}

/** The fleet of that name of a configuration, with its policies; `null` = its only one. */
export function fleetOf({ fleets, file }: Settings, name: string | null): Deciding {
  const names = fleets.map((fleet) => fleet.name)
  const fleet = name === null && fleets.length === 1 ? fleets[0] : fleets.find((one) => one.name === name)
  if (!fleet)
    throw new Fault(
      'request.invalid',
      name === null
        ? `${file} has the fleets ${names.join(', ') || 'none'}; name one of them`
        : `there is no fleet ${name}; there are: ${names.join(', ') || 'none'}`,
      { source: 'user', retry: 'no' },
    )
  return { fleet, policies: policiesOf(fleet) }
}
