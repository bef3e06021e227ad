import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'
import { runProcess } from './process.ts'

/** Runs the operator's own program: exit code 0 is a pass. It finds the server in TIDEGATE_HOST and TIDEGATE_PORT. */
export function checkByCommand(attempt: Attempt, target: ProbeTarget, { command = [] }: ProbeCheck): void {
  const env = { ...process.env, TIDEGATE_HOST: target.host, TIDEGATE_PORT: String(target.port) }
  runProcess(attempt, command, env, ({ code, signal, output }) => {
    const ending = code === null ? `ended by ${signal}` : `exit code ${code}`
    attempt.finish(code === 0, output === '' ? ending : `${ending}: ${output}`)
  })
}
