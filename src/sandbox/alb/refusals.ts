import { Refusal } from '../refusal.ts'

/** Codes and messages as the reference of each operation lists them, such as
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-replaceserversinservergroup */

export function notFound(what: string, id: string): Refusal {
  return new Refusal(`ResourceNotFound.${what}`, `The specified resource ${id} is not found.`, 404)
}

export function wrongStatus(what: string, id: string): Refusal {
  return new Refusal(`IncorrectStatus.${what}`, `The status of ${what} [${id}] is incorrect.`)
}

export function inUse(what: string, id: string): Refusal {
  return new Refusal(`ResourceInUse.${what}`, `The specified resource ${id} is in use.`)
}

export function beingConfigured(what: string, id: string): Refusal {
  return new Refusal(
    `ResourceInConfiguring.${what}`,
    `The specified resource of ${id} is being configured, please try again later.`,
  )
}

export function denied(because: string): Refusal {
  return new Refusal(`OperationDenied.${because}`, `The operation is not allowed because of ${because}.`)
}

export function mismatched(what: string, one: string, other: string): Refusal {
  return new Refusal(`Mismatch.${what}`, `The ${what} is mismatched for ${one} and ${other}.`)
}

/** Of what a resource may have. */
export function tooMany(what: string, of: string, usage: number, most: number): Refusal {
  return new Refusal(
    `ResourceQuotaExceeded.${what}`,
    `The quota of ${what} is exceeded for resource ${of}, usage ${usage}/${most}.`,
  )
}

/** Two settings that do not go together. */
export function incompatible(one: string, other: string): Refusal {
  return new Refusal(`Mismatch.${one}And${other}`, `The ${one} and ${other} are mismatched.`)
}
