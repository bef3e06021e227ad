import { resolve } from 'node:path'
import { showTide } from './tide.ts'

/** npm start: the quickstart with a load wave to watch. Ctrl-C drains and stops all of it. */
process.exitCode = await showTide({
  file: resolve(import.meta.dirname, 'quickstart.yaml'),
  url: 'http://127.0.0.1:8080/',
  admin: '127.0.0.1:9900',
  low: 40,
  high: 900,
  periodS: 120,
})
