import type { PoolSpec } from '../../../core/balancer.ts'
import type { ConfigProblem } from '../../../core/driver.ts'
import type { HealthSpec, StatusRange } from '../../../core/health.ts'
import type { Millis } from '../../../core/time.ts'

const MAX_TIMEOUT_S = 300
const MAX_INTERVAL_S = 50

/** Statuses as both CLB and ALB know them, by their hundreds: `http_2xx`. */
export function statusClasses({ expect }: HealthSpec): readonly string[] {
  const ranges = [expect].flat()
  return [2, 3, 4, 5]
    .filter((hundred) => ranges.some(({ from, to }) => from <= hundred * 100 && to >= hundred * 100 + 99))
    .map((hundred) => `http_${hundred}xx`)
}

/** What neither of them takes of a check; `methods`: what the one takes in whose name it is asked. */
export function checkProblems(
  { name, health }: Pick<PoolSpec, 'name' | 'health'>,
  methods: readonly string[],
): readonly ConfigProblem[] {
  const at = ['pools', name, 'health']
  const problems: ConfigProblem[] = []
  const whole = (key: string, ms: Millis, most: number) => {
    if (Number.isInteger(ms / 1000) && ms >= 1000 && ms <= most * 1000) return
    problems.push({ path: [...at, key], message: `expected whole seconds from 1s to ${most}s` })
  }
  const few = (key: string, count: number) => {
    if (count >= 2 && count <= 10) return
    problems.push({ path: [...at, key], message: `expected 2 to 10, got ${count}` })
  }
  whole('interval', health.intervalMs, MAX_INTERVAL_S)
  whole('timeout', health.timeoutMs, MAX_TIMEOUT_S)
  few('unhealthy', health.unhealthy)
  few('healthy', health.healthy)
  const isOfHttp = health.type === 'http' || health.type === 'https'
  if (isOfHttp && ![health.expect].flat().every(isOfClasses))
    problems.push({
      path: [...at, 'expect'],
      message: 'expected whole hundreds from 200 to 599, such as 200-399',
    })
  const method = health.http?.method ?? 'GET'
  if (!methods.includes(method))
    problems.push({
      path: [...at, 'method'],
      message: `expected one of ${methods.join(', ')}, got ${method}`,
    })
  return problems
}

function isOfClasses({ from, to }: StatusRange): boolean {
  return from >= 200 && to <= 599 && from % 100 === 0 && to % 100 === 99
}
