import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { sourcesOf } from './account.ts'
import type { CredentialsConfig } from './account-keys.ts'
import { keepCredentials } from './client/credentials/chain.ts'
import type { HttpRequest } from './client/transport.ts'

const START = 1_800_000_000_000
const USUAL: CredentialsConfig = { profile: null, ecsRole: null, role: null, externalId: null }
const ROLE = 'acs:ram::1:role/tidegate'

/** The key that a configuration leads to, and what was asked on the way, on a machine with two profiles and keys in its environment. */
async function keyOf(over: Partial<CredentialsConfig>) {
  const home = mkdtempSync(join(tmpdir(), 'alicloud-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  mkdirSync(join(home, '.aliyun'))
  const profile = (name: string) => ({
    name,
    mode: 'AK',
    access_key_id: `LTAI-${name}`,
    access_key_secret: 's',
  })
  const file = { current: 'default', profiles: [profile('default'), profile('ops')] }
  writeFileSync(join(home, '.aliyun', 'config.json'), JSON.stringify(file))
  const sent: HttpRequest[] = []
  const clock = new VirtualClock(START)
  const surroundings = {
    env: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-env', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' },
    home,
    clock,
    nonce: () => 'n',
    transport: async (request: HttpRequest) => {
      sent.push(request)
      return { status: 200, headers: {}, text: answerTo(request) }
    },
  }
  const sources = sourcesOf({ ...USUAL, ...over }, surroundings, { region: 'cn-beijing', endpoint: null })
  const { accessKeyId } = await keepCredentials(sources, clock).get()
  return { accessKeyId, sent }
}

function answerTo({ url, headers }: HttpRequest): string {
  if (url.endsWith('/api/token')) return 'metadata-token'
  const keys = {
    AccessKeyId: headers['x-acs-action'] ?? url.split('/').at(-1),
    AccessKeySecret: 's',
    SecurityToken: 't',
    Expiration: new Date(START + 3_600_000).toISOString(),
  }
  return JSON.stringify({ Code: 'Success', ...keys, Credentials: keys })
}

test.each<[string, Partial<CredentialsConfig>, string]>([
  ['the usual places', {}, 'LTAI-env'],
  ['a profile that is named, whatever the environment has', { profile: 'ops' }, 'LTAI-ops'],
  ['the role of the ECS server', { ecsRole: 'gate' }, 'gate'],
  ['a role', { role: ROLE }, 'AssumeRole'],
])('takes keys from %s', async (_, over, expected) => {
  expect((await keyOf(over)).accessKeyId).toBe(expected)
})

test('takes a role by the keys of a profile, with what its owner asks for', async () => {
  const { sent } = await keyOf({ profile: 'ops', role: ROLE, externalId: 'between us' })
  expect(sent).toHaveLength(1)
  expect(sent[0]?.headers.authorization).toContain('Credential=LTAI-ops,')
  expect(new URLSearchParams(sent[0]?.body).get('ExternalId')).toBe('between us')
})
