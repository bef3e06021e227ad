import type { DriverKeys } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { YES_NO } from '../../../core/form.ts'
import type { Raw } from '../read-keys.ts'

/** Of a balancer's section. */
export const ADOPT_KEY: DriverKeys = {
  adopt: {
    ...YES_NO,
    help: 'Listeners and members that stand where those of this file should, and that Tidegate has not made, become its own, listeners with their rules and certificates. Otherwise they are refused.',
    default: false,
  },
}

export function readAdopts({ adopt = false }: Raw, report: ReportField): boolean {
  if (typeof adopt !== 'boolean') report(['adopt'], 'expected true or false')
  return adopt === true
}
