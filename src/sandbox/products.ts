import { ALB } from './alb/operations.ts'
import { CAS } from './cas/operations.ts'
import { CMS } from './cms/operations.ts'
import { ECS } from './ecs/operations.ts'
import { VPC } from './ecs/vpc.ts'
import type { Operations } from './operation.ts'
import { SLB } from './slb/operations.ts'
import { STS } from './sts/operations.ts'

export interface ProductApi {
  readonly name: string
  readonly operations: Operations
  /** A region that there is not is refused, whatever is asked of it. */
  readonly knowsRegions?: true
}

/** By the version that a call names: no two products share one. */
export const PRODUCTS: Readonly<Record<string, ProductApi>> = {
  '2014-05-15': { name: 'slb', operations: SLB },
  '2015-04-01': { name: 'sts', operations: STS },
  '2014-05-26': { name: 'ecs', operations: ECS, knowsRegions: true },
  '2019-01-01': { name: 'cms', operations: CMS },
  '2020-04-07': { name: 'cas', operations: CAS },
  '2020-06-16': { name: 'alb', operations: ALB },
  '2016-04-28': { name: 'vpc', operations: VPC, knowsRegions: true },
}
