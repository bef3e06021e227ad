import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

const COMMAND = ['sh', '-c', 'echo "this is $TIDEGATE_SERVER_ID"; exec node "$0" "$@"']

function yaml(): string {
  const plain = fixture()
  const [, command = ''] = /command: (\[.*\])/.exec(plain) ?? []
  const [_node, ...args] = JSON.parse(command) as string[]
  return `logs: { size: 64KiB, keep: 2 }\n${plain
    .replace(command, JSON.stringify([...COMMAND, ...args]))
    .replace('workers: 2 }', 'workers: 2, access-log: ./access.log, access-log-format: combined }')}`
}

test('logs shows what servers and clients did, and a log that has grown is set aside', async () => {
  await using tidegate = new Tidegate(yaml())
  tidegate.start()
  const { servers } = await tidegate.serving(2)
  const logs = (...args: string[]) => tidegate.cli('logs', ...args, '--config', tidegate.file)
  const all = await logs()
  for (const { id } of servers) expect(all.stdout).toContain(`${id} | this is ${id}\n`)
  expect((await logs(servers[0]!.id, '-n', '1')).stdout).not.toContain('|')

  await fetch(`${await tidegate.url()}hello`, { headers: { 'user-agent': 'tester' } })
  const line = await tidegate.until(
    'the access log',
    async () => /.*tester.*/.exec((await logs('access')).stdout)?.[0],
  )
  expect(line).toMatch(/^127\.0\.0\.1 - - \[.+\] "GET \/hello HTTP\/1\.1" 200 \d+ "-" "tester"$/)
  expect(await logs('nobody')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no log of nobody'),
  })

  const grown = join(tidegate.stateDir, 'logs/gateway.log')
  appendFileSync(grown, 'x'.repeat(70_000))
  await tidegate.until('the rotation', () => existsSync(`${grown}.1`) && readFileSync(grown).length < 65_536)
  expect(readFileSync(`${grown}.1`).length).toBeGreaterThan(70_000)
})
