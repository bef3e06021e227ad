import { within } from '../../../../core/within.ts'
import { type CredentialSource, credentialsFrom, fieldsIn, type Surroundings } from './credentials.ts'

const TIMEOUT_MS = 10_000

/** An address that somebody runs to hand out keys that end. */
export function fromAddress({ env, clock, transport }: Surroundings): CredentialSource {
  return {
    name: 'ALIBABA_CLOUD_CREDENTIALS_URI',
    async load(signal) {
      const url = env.ALIBABA_CLOUD_CREDENTIALS_URI ?? ''
      if (url === '') return null
      const request = { method: 'GET', url, headers: {}, body: '' } as const
      const answer = await within(clock, TIMEOUT_MS, signal, (either) => transport(request, either))
      if (answer.status !== 200) throw new Error(`it answers HTTP ${answer.status}`)
      return credentialsFrom(fieldsIn(answer.text, 'its answer'))
    },
  }
}
