import type { FileContext } from '../context.ts'
import { CliError } from '../errors.ts'
import { table } from '../table.ts'

/** `tidegate alicloud policy`: what RAM has to allow for this file to work, and nothing more. The policy goes to stdout, what each
 *  permission is for to stderr. */
export async function alicloudPolicy({ settings, out, json }: FileContext): Promise<number> {
  const { ramPolicyOf } = await import('../../app/ram-policy.ts')
  const { policy, permissions } = ramPolicyOf(settings)
  if (permissions.length === 0)
    throw new CliError(
      `nothing in ${settings.file} is on Alibaba Cloud; expected a fleet of driver: alicloud-ecs`,
    )
  if (json) {
    out.json({ policy, permissions })
    return 0
  }
  const rows = permissions.map(({ action, why }) => [action, out.say(why)])
  for (const line of table(['PERMISSION', 'FOR'], rows, out.say)) out.note(line)
  for (const line of JSON.stringify(policy, null, 2).split('\n')) out.quote(line)
  return 0
}
