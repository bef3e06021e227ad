import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { BIN, showTide } from './tide.ts'

/** npm run start:alicloud: alicloud.yaml on a sandbox of Alibaba Cloud, with a load wave to watch. Ctrl-C drains and stops all of it, and
 *  leaves nothing. */
const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:8080' },
    admin: { type: 'string', default: '127.0.0.1:9900' },
    'period-s': { type: 'string', default: '240' },
  },
})

interface Announced {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

if (process.platform !== 'linux') {
  process.stderr.write(
    'servers of the sandbox have addresses of their own on this machine: that needs Linux\n',
  )
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'tidegate-alicloud-'))
// Out of the terminal's group: Ctrl-C must not end the cloud before its servers have been given back.
const sandbox = spawn(process.execPath, [BIN, 'sandbox', '--port', '0', '--json'], {
  cwd: import.meta.dirname,
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
})
const over = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => over.abort())
sandbox.once('exit', () => over.abort())
try {
  const [line] = (await once(createInterface({ input: sandbox.stdout }), 'line', over)) as [string]
  const { endpoint, accessKeyId, accessKeySecret } = JSON.parse(line) as Announced
  console.log(
    `a sandbox of Alibaba Cloud answers at ${endpoint}; ${endpoint}/sandbox/summary tells what it has`,
  )
  process.exitCode = await showTide({
    file: writeConfig(endpoint),
    env: { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret },
    url: `http://${values.listen}/`,
    admin: values.admin,
    low: 40,
    high: 900,
    periodS: Number(values['period-s']),
    besides: async () => `  bill ${await yuan(endpoint)} yuan`,
  })
  console.log(`the bill of the sandbox: ${await yuan(endpoint)} yuan`)
} catch (error) {
  if (!over.signal.aborted) throw error
  process.exitCode = 1
} finally {
  sandbox.kill('SIGTERM')
  if (sandbox.exitCode === null && sandbox.signalCode === null) await once(sandbox, 'exit')
  rmSync(folder, { recursive: true, force: true })
}

/** The example, with this sandbox, these addresses and a state that goes with it. */
function writeConfig(endpoint: string): string {
  const text = readFileSync(resolve(import.meta.dirname, 'alicloud.yaml'), 'utf8')
  const file = join(folder, 'tidegate.yaml')
  const own = text
    .replaceAll('http://127.0.0.1:9910', endpoint)
    .replace('127.0.0.1:8080', values.listen)
    .replace('127.0.0.1:9900', values.admin)
    .replace('../.tidegate-alicloud', './state')
  writeFileSync(file, own)
  return file
}

async function yuan(endpoint: string): Promise<string> {
  const answer = await fetch(`${endpoint}/sandbox/bill?tag=tidegate:fleet`).catch(() => null)
  if (answer === null) return '?'
  const bill = (await answer.json()) as { readonly yuan: Readonly<Record<string, number>> }
  return (bill.yuan.api ?? 0).toFixed(4)
}
