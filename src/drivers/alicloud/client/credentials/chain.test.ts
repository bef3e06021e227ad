import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../../../../simulator/virtual-clock.ts'
import { type HttpRequest, type Transport, Unsent } from '../transport.ts'
import { keepCredentials, usualSources } from './chain.ts'
import type { CredentialSource, Surroundings } from './credentials.ts'
import { fromEcsRole } from './metadata.ts'

const START = 1_800_000_000_000
const HOUR = 3_600_000
const SESSION = {
  AccessKeyId: 'STS.x',
  AccessKeySecret: 'session-secret',
  SecurityToken: 'session-token',
  Expiration: new Date(START + HOUR).toISOString(),
}

let clock: VirtualClock
let home: string
let env: Record<string, string>
let sent: HttpRequest[]
/** By the end of the address, or the action; what is not here does not answer. */
let web: Record<string, { status?: number; body: unknown }>

beforeEach(() => {
  clock = new VirtualClock(START)
  home = mkdtempSync(join(tmpdir(), 'alicloud-'))
  env = {}
  sent = []
  web = {}
})
afterEach(() => rmSync(home, { recursive: true }))

function aKeeper() {
  const surroundings: Surroundings = {
    env,
    home,
    clock,
    nonce: () => 'n',
    transport: async (request) => {
      sent.push(request)
      const name =
        request.headers['x-acs-action'] ?? Object.keys(web).find((end) => request.url.endsWith(end)) ?? ''
      const found = web[name]
      if (!found) throw new Unsent('nobody answers')
      const text = typeof found.body === 'string' ? found.body : JSON.stringify(found.body)
      return { status: found.status ?? 200, headers: {}, text }
    },
  }
  return keepCredentials(usualSources(surroundings, { region: 'cn-beijing', endpoint: null }), clock)
}

function configure(...profiles: Record<string, unknown>[]) {
  mkdirSync(join(home, '.aliyun'), { recursive: true })
  const file = { current: profiles[0]?.name, profiles, meta_path: '' }
  writeFileSync(join(home, '.aliyun', 'config.json'), JSON.stringify(file))
}

const KEYS = { name: 'default', mode: 'AK', access_key_id: 'LTAI-file', access_key_secret: 'file-secret' }

function onEcs() {
  web['/api/token'] = { body: 'metadata-token' }
  web['/security-credentials/'] = { body: 'the-role\n' }
  web['/security-credentials/the-role'] = { body: { Code: 'Success', ...SESSION } }
}

test('takes keys from the environment first', async () => {
  env = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-env', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'env-secret' }
  configure(KEYS)
  const credentials = await aKeeper().get()
  expect([credentials.accessKeyId, credentials.accessKeySecret.reveal(), credentials.securityToken]).toEqual([
    'LTAI-env',
    'env-secret',
    null,
  ])
})

test('does not go on to another identity when the one that was set up fails', async () => {
  env = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-env' }
  configure(KEYS)
  await expect(aKeeper().get()).rejects.toThrow('from the environment: set both')
})

test('takes the current profile, or the one that is named', async () => {
  configure(KEYS, { ...KEYS, name: 'other', mode: 'StsToken', access_key_id: 'STS.file', sts_token: 'tok' })
  expect((await aKeeper().get()).accessKeyId).toBe('LTAI-file')
  env.ALIBABA_CLOUD_PROFILE = 'other'
  expect((await aKeeper().get()).securityToken?.reveal()).toBe('tok')
  env.ALIBABA_CLOUD_PROFILE = 'none'
  await expect(aKeeper().get()).rejects.toThrow('there is no profile none')
})

test('takes a role by the keys of another profile, signed with them', async () => {
  configure(
    {
      name: 'default',
      mode: 'ChainableRamRoleArn',
      source_profile: 'base',
      ram_role_arn: 'acs:ram::1:role/r',
      ram_session_name: '',
      expired_seconds: 900,
      sts_region: 'cn-shanghai',
    },
    { ...KEYS, name: 'base' },
  )
  web.AssumeRole = { body: { Credentials: SESSION } }
  const credentials = await aKeeper().get()
  expect([credentials.accessKeyId, credentials.expiresAt]).toEqual(['STS.x', START + HOUR])
  expect(sent[0]).toMatchObject({
    url: 'https://sts.cn-shanghai.aliyuncs.com/?',
    body: 'DurationSeconds=900&RoleArn=acs%3Aram%3A%3A1%3Arole%2Fr&RoleSessionName=tidegate',
  })
  expect(sent[0]?.headers.authorization).toContain('Credential=LTAI-file,')
})

test('says why a role cannot be taken', async () => {
  configure({ ...KEYS, mode: 'RamRoleArn', ram_role_arn: 'acs:ram::1:role/r' })
  web.AssumeRole = {
    status: 403,
    body: { Code: 'NoPermission', Message: 'You are not authorized.', RequestId: 'r-1' },
  }
  await expect(aKeeper().get()).rejects.toThrow('NoPermission: You are not authorized. (request r-1)')
})

test('refuses profiles in a circle, and those that need a person', async () => {
  configure({ name: 'a', mode: 'ChainableRamRoleArn', ram_role_arn: 'x', source_profile: 'a' })
  await expect(aKeeper().get()).rejects.toThrow('in a circle')
  configure({ name: 'a', mode: 'CloudSSO' })
  await expect(aKeeper().get()).rejects.toThrow('CloudSSO, which needs a person')
})

test('takes a role by OpenID Connect, unsigned, with the token as it is now', async () => {
  const file = join(home, 'token')
  writeFileSync(file, 'first\n')
  env = {
    ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r',
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/p',
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: file,
  }
  web.AssumeRoleWithOIDC = { body: { Credentials: SESSION } }
  const keeper = aKeeper()
  keeper.refused(await keeper.get())
  writeFileSync(file, 'second\n')
  await keeper.get()
  expect(sent.map(({ body }) => new URLSearchParams(body).get('OIDCToken'))).toEqual(['first', 'second'])
  expect(sent[0]?.headers.authorization).toBeUndefined()
})

test("takes the ECS server's role, by a token only", async () => {
  onEcs()
  expect((await aKeeper().get()).accessKeyId).toBe('STS.x')
  expect(sent.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET'])
  expect(sent[2]?.headers).toEqual({ 'x-aliyun-ecs-metadata-token': 'metadata-token' })
})

test('asks no metadata service when that is switched off', async () => {
  onEcs()
  env.ALIBABA_CLOUD_ECS_METADATA_DISABLED = 'TRUE'
  await expect(aKeeper().get()).rejects.toThrow('no credentials')
  expect(sent).toEqual([])
})

test('what answers at the address of the metadata service elsewhere is nobody to ask', async () => {
  web['/api/token'] = { status: 403, body: 'Forbidden' }
  await expect(aKeeper().get()).rejects.toThrow(/nothing in .*the ECS server's RAM role$/)
  env.ALIBABA_CLOUD_ECS_METADATA = 'the-role'
  await expect(aKeeper().get()).rejects.toThrow('the metadata service gives no token (HTTP 403)')
})

test('says that it is closed, not that there is no ECS server, when it is closed while it asks one', async () => {
  const transport: Transport = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Unsent('aborted')))
    })
  const source = fromEcsRole({ env, home, clock, nonce: () => 'n', transport }, null)
  const keeper = keepCredentials([source], clock)
  const asked = keeper.get()
  keeper.close()
  await expect(asked).rejects.toThrow('the client is closed')
})

test('takes what a credentials address gives', async () => {
  env.ALIBABA_CLOUD_CREDENTIALS_URI = 'http://127.0.0.1:9/keys'
  web['/keys'] = { body: SESSION }
  expect((await aKeeper().get()).securityToken?.reveal()).toBe('session-token')
  web['/keys'] = { body: { ...SESSION, Expiration: 'soon' } }
  await expect(aKeeper().get()).rejects.toThrow('Expiration is no time')
})

test('names all places when there is nothing, and finds what is put there later', async () => {
  const keeper = aKeeper()
  await expect(keeper.get()).rejects.toThrow(
    /nothing in the environment, .*config\.json, the ECS server's RAM role$/,
  )
  configure(KEYS)
  expect((await keeper.get()).accessKeyId).toBe('LTAI-file')
})

test('repeats no secret of a broken file', async () => {
  mkdirSync(join(home, '.aliyun'))
  writeFileSync(join(home, '.aliyun', 'config.json'), '{"access_key_secret": "file-secret"')
  const error = await aKeeper()
    .get()
    .catch((thrown: unknown) => thrown)
  expect(inspect(error)).toContain('the file is no JSON')
  expect(inspect(error)).not.toContain('file-secret')
})

/** A source whose credentials last an hour, and which counts. */
function counting(fails: () => boolean = () => false): CredentialSource & { asked: number } {
  return {
    name: 'a test',
    asked: 0,
    async load() {
      this.asked++
      if (fails()) throw new Error('out of order')
      const { accessKeySecret } = (await fileKeys())!
      return {
        accessKeyId: `k${this.asked}`,
        accessKeySecret,
        securityToken: null,
        expiresAt: clock.now() + HOUR,
      }
    },
  }
}

function fileKeys() {
  configure(KEYS)
  return aKeeper().get()
}

test('asks once for all who wait, and again a quarter of an hour before the end', async () => {
  const source = counting()
  const keeper = keepCredentials([source], clock)
  await Promise.all([keeper.get(), keeper.get(), keeper.get()])
  await clock.advance(44 * 60_000)
  expect((await keeper.get()).accessKeyId).toBe('k1')
  await clock.advance(60_000)
  expect((await keeper.get()).accessKeyId).toBe('k2')
})

test('uses the old ones while new ones cannot be had, but not beyond their end', async () => {
  let broken = false
  const source = counting(() => broken)
  const keeper = keepCredentials([source], clock)
  await keeper.get()
  broken = true
  await clock.advance(50 * 60_000)
  expect((await keeper.get()).accessKeyId).toBe('k1')
  await keeper.get()
  expect(source.asked).toBe(2)
  await clock.advance(10 * 60_000)
  await expect(keeper.get()).rejects.toThrow('from a test: out of order')
  broken = false
  expect((await keeper.get()).accessKeyId).toBe('k4')
})

test('asks anew for what the cloud refused, and only for that', async () => {
  const keeper = keepCredentials([counting()], clock)
  const old = await keeper.get()
  keeper.refused(old)
  expect((await keeper.get()).accessKeyId).toBe('k2')
  keeper.refused(old)
  expect((await keeper.get()).accessKeyId).toBe('k2')
})
