import type { Access } from '../core/access.ts'
import type { Settings } from '../core/settings.ts'
import type { Logger } from '../core/time.ts'
import { statePaths } from './paths.ts'
import { followTokens, leaveLocalToken, readTokens } from './tokens.ts'

/** Who may ask the admin API, by the settings and the token file of the moment. Throws Fault config.invalid when that is wrong. */
export function openAccess(settings: () => Settings, log: Logger): () => Access {
  checkTokens(settings())
  const follow = followTokens((message) => log.error(message))
  const local = leaveLocalToken(statePaths(settings().stateDir).adminToken)
  return () => {
    const { tokens, hosts } = settings().admin
    return { tokens: tokens === null ? null : [local, ...follow(tokens)], hosts }
  }
}

/** Throws Fault config.invalid when the token file of these settings cannot be used. */
export function checkTokens({ admin }: Settings): void {
  if (admin.tokens !== null) readTokens(admin.tokens)
}
