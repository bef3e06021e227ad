import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'
import { runProcess } from './process.ts'

/** What `ping` says where its user may not send ICMP. */
const FORBIDDEN = /not permitted|permission denied|are you root/i

/** One echo request, by the system's ping: raw sockets are not this process's to open. */
export function checkIcmp(attempt: Attempt, { host }: ProbeTarget, _check: ProbeCheck): void {
  const env = { ...process.env, LC_ALL: 'C' }
  runProcess(attempt, ['ping', '-n', '-q', '-c', '1', '--', host], env, ({ code, output }) => {
    if (code === 0) attempt.finish(true, 'echoed')
    else if (FORBIDDEN.test(output)) {
      attempt.finish(false, `ping may not send ICMP here (${output}); use type: tcp`)
    } else attempt.finish(false, output === '' || code === 1 ? 'no echo' : `no echo: ${output}`)
  })
}
