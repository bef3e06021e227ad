import { expect, test } from 'vitest'
import type { ListenerCall } from './listener-call.ts'
import { planListeners, type SeenListener } from './plan-listeners.ts'
import type { Settings, WantedListener } from './wanted-listener.ts'

const MARK = { Description: 'tidegate/demo/file/web' }
const OWNER = { installation: 'demo', adopts: false, uploaded: new Set<string>() }
const place = { port: 80, protocol: 'http' } as const

/** The calls for a listener that has some settings, none = is not there, and should have others. */
function plan(has: Settings | null, wants: Settings): readonly ListenerCall[] {
  const wanted: WantedListener = { ...place, settings: { ...MARK, ...wants }, rules: [], domains: [] }
  const seen: SeenListener[] =
    has === null
      ? []
      : [
          {
            ...place,
            isOwn: true,
            isRunning: true,
            description: MARK.Description,
            settings: { ...MARK, ...has },
            rules: [],
            domains: [],
          },
        ]
  return planListeners([wanted], seen, OWNER)
}

const USUAL = { HealthCheckConnectPort: -520, HealthCheckDomain: '$_ip' }

test('a listener that was never told where and as whom to check has what is usual', () => {
  expect(plan({}, USUAL)).toEqual([])
  expect(plan({ HealthCheckConnectPort: '', HealthCheckDomain: '' }, USUAL)).toEqual([])
  expect(plan({ HealthCheckConnectPort: '-520', HealthCheckDomain: '$_ip' }, USUAL)).toEqual([])
  expect(plan({ HealthCheckConnectPort: '8080', BackendServerPort: '8080' }, USUAL)).toEqual([])
})

test('it is told what is usual where it has been told otherwise, and when it is new nothing of it', () => {
  expect(plan({ HealthCheckConnectPort: '9000', HealthCheckDomain: 'a.test' }, USUAL)).toMatchObject([
    { action: 'SetLoadBalancerHTTPListenerAttribute', query: USUAL },
  ])
  const [creation] = plan(null, USUAL)
  expect(creation!.action).toBe('CreateLoadBalancerHTTPListener')
  expect(creation!.query).not.toHaveProperty('HealthCheckConnectPort')
  expect(creation!.query).not.toHaveProperty('HealthCheckDomain')
})
