// Preloaded by NODE_OPTIONS=--import: while there is a file STOPS_AS_SUCCESSOR, a gateway that is to take another's place stops (SIGSTOP)
// when it has said that it is ready.
import { existsSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const { STOPS_AS_SUCCESSOR = '', TIDEGATE_INHERITED } = process.env
if (isMainThread && TIDEGATE_INHERITED !== undefined && existsSync(STOPS_AS_SUCCESSOR)) {
  const send = process.send.bind(process)
  process.send = (line, done) =>
    send(line, (error) => {
      if (line === 'ready') process.kill(process.pid, 'SIGSTOP')
      done?.(error)
    })
}
