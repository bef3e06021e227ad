import { Refusal } from './refusal.ts'

/** What an account may not, by the code that the fault names. */
interface Forbidden {
  readonly status: number
  readonly message: string
  /** Only what costs something; whoever cannot pay may still look, and give back. */
  readonly costs?: true
}

/** Of arrears: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances. */
const CODES: Readonly<Record<string, Forbidden>> = {
  'Forbidden.RAM': { status: 403, message: 'User not authorized to operate on the specified resource.' },
  'Account.Arrearage': { status: 400, message: 'Your account has been in arrears.', costs: true },
  'InvalidAccountStatus.NotEnoughBalance': {
    status: 403,
    message: 'Your account does not have enough balance.',
    costs: true,
  },
}
const COSTS: readonly string[] = [
  'ecs RunInstances',
  'ecs StartInstances',
  'slb CreateLoadBalancer',
  'alb CreateLoadBalancer',
]
const USUAL = 'Forbidden.RAM'

export const FORBIDDEN_CODES: readonly string[] = Object.keys(CODES)

/** Whether it meets the operation. */
export function forbids(operation: string, code = USUAL): boolean {
  return CODES[code]!.costs === undefined || COSTS.includes(operation)
}

export function forbidden(code = USUAL): Refusal {
  const { status, message } = CODES[code]!
  return new Refusal(code, message, status)
}
