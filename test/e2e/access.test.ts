import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localApi } from '../../src/app/terminal.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('a new token works at once, a removed one no more, and every write is told of its holder', async () => {
  await using tidegate = new Tidegate(fixture(), ', tokens: ./tokens')
  const cli = (...args: string[]) => tidegate.cli(...args, '--config', tidegate.file)
  const ann = await cli('token', 'ann', '--scope', 'operate')
  expect(ann).toMatchObject({ code: 0, stdout: expect.stringMatching(/^tg_[\w-]+\n$/) })
  tidegate.start()
  await tidegate.serving(2)
  const { url } = localApi(tidegate.stateDir)!
  const ask = async (path: string, token: string | null, init: RequestInit = {}) => {
    const authorization: Record<string, string> =
      token === null ? {} : { authorization: `Bearer ${token.trim()}` }
    const headers = { ...authorization, 'content-type': 'application/json' }
    return (await fetch(`${url}/api/v1${path}`, { ...init, headers })).status
  }
  expect(await ask('/fleets', null)).toBe(401)
  const pin = { method: 'PUT', body: '{"desired":3}' }
  expect(await ask('/fleets/api/desired', ann.stdout, pin)).toBe(200)

  const bob = await cli('token', 'bob')
  expect(await ask('/fleets', bob.stdout)).toBe(200)
  expect(await ask('/fleets/api/desired', bob.stdout, pin)).toBe(403)

  // Whoever owns the state directory needs no token of his own.
  expect((await cli('pause', 'api')).code).toBe(0)
  const audit = (await cli('audit')).stdout
  expect(audit).toMatch(
    / ann at 127\.0\.0\.1: PUT \/api\/v1\/fleets\/api\/desired {"desired":3}\n {2}\+ pinned to 3 by ann/,
  )
  expect(audit).toMatch(/ local \(cli:\w+\) at 127\.0\.0\.1: POST \/api\/v1\/fleets\/api\/pause/)

  rmSync(join(tidegate.folder, 'tokens'))
  await cli('token', 'cid')
  expect(await ask('/fleets', bob.stdout)).toBe(401)
})
