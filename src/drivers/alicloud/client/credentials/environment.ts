import { Secret } from '../secret.ts'
import type { CredentialSource, Surroundings } from './credentials.ts'

const ID = 'ALIBABA_CLOUD_ACCESS_KEY_ID'
const SECRET = 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'

/** Keys in the variables that all the cloud's tools read. */
export function fromEnvironment({ env }: Pick<Surroundings, 'env'>): CredentialSource {
  return {
    name: 'the environment',
    async load() {
      const accessKeyId = env[ID] ?? ''
      const secret = env[SECRET] ?? ''
      if (accessKeyId === '' && secret === '') return null
      if (accessKeyId === '' || secret === '') throw new Error(`set both ${ID} and ${SECRET}`)
      const token = env.ALIBABA_CLOUD_SECURITY_TOKEN ?? ''
      return {
        accessKeyId,
        accessKeySecret: new Secret(secret),
        securityToken: token === '' ? null : new Secret(token),
        expiresAt: null,
      }
    },
  }
}
