import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FleetStatus } from '../../src/core/admin.ts'
import { Load } from '../kit/load.ts'
import { EXAMPLE_SERVER, Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

/** Three servers, no more and no fewer; `mark` makes another command of it. */
const three = (mark: string, more = '') =>
  fixture({
    min: 3,
    max: 3,
    command: ['node', EXAMPLE_SERVER, '--slots', '8', '--service-ms', '50', '--start-ms', mark],
  }).replace('    drain:', `    replace: { surge: 1 }\n${more}    drain:`)

const idsOf = ({ servers }: FleetStatus) => servers.map(({ id }) => id).sort()

/** Waits until three others serve, and nobody else is left. */
async function replaced(tidegate: Tidegate, before: FleetStatus): Promise<FleetStatus> {
  return await tidegate.until('three other servers', async () => {
    const now = await tidegate.fleet()
    const old = idsOf(before)
    const others = now?.servers.length === 3 && !idsOf(now).some((id) => old.includes(id))
    return others && now.ready === 3 && now.replacement === null ? now : null
  })
}

test('another command in the file replaces every server, and no request fails', async () => {
  await using tidegate = new Tidegate(three('1'))
  tidegate.start()
  const before = await tidegate.serving(3)
  const load = new Load(await tidegate.url(), 150)
  tidegate.write(three('2'))
  const after = await replaced(tidegate, before)
  expect(new Set(after.servers.map(({ revision }) => revision)).size).toBe(1)
  expect(after.servers[0]!.revision).not.toBe(before.servers[0]!.revision)
  const ordered = await tidegate.cli('replace', 'api', '--config', tidegate.file)
  expect(ordered.code).toBe(0)
  await replaced(tidegate, after)
  const { failed, byServer } = await load.stop()
  expect(failed).toEqual([])
  expect(byServer.size).toBeGreaterThanOrEqual(9)
})

test('a bad command stops the replacement, the old servers go on, and no request fails', async () => {
  await using tidegate = new Tidegate(three('1'))
  tidegate.start()
  const before = await tidegate.serving(3)
  const load = new Load(await tidegate.url(), 150)
  tidegate.write(three('never'))
  const stopped = await tidegate.until('the stop', async () => {
    const now = await tidegate.fleet()
    return now?.replacement?.state === 'stopped' && now.servers.length === 3 ? now : null
  })
  expect(idsOf(stopped)).toEqual(idsOf(before))
  const status = await tidegate.cli('status', '--config', tidegate.file)
  expect(status.stdout).toContain('1 server of the new revision failed; the old ones go on')
  tidegate.write(three('2'))
  await replaced(tidegate, before)
  expect((await load.stop()).failed).toEqual([])
})

test('a bad file is refused once, and the file of a secret is watched too', async () => {
  const secret = three('1', `    env: { KEY: "\${file:key.txt}" }\n`)
  await using tidegate = new Tidegate(secret)
  const key = join(tidegate.folder, 'key.txt')
  writeFileSync(key, 'first')
  tidegate.start()
  const before = await tidegate.serving(3)
  const refusals = async () => {
    const events = await tidegate.get<{ items: { text: string }[] }>('/events?limit=200')
    return (events?.items ?? []).filter(({ text }) => text.includes('is refused')).length
  }
  tidegate.write(secret.replace('max: 3', 'max: many'))
  await tidegate.until('the refusal', async () => (await refusals()) > 0)
  tidegate.write(secret)
  writeFileSync(key, 'second')
  await replaced(tidegate, before)
  expect(await refusals()).toBe(1)
})
