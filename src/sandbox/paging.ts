import type { Given } from './parameters.ts'
import { invalid, Refusal } from './refusal.ts'

/** One page by token: `MaxResults` or what its product calls it, and `NextToken`. The token is where the page begins. */
export function pageByToken<T>(
  items: readonly T[],
  given: Given,
  {
    usual,
    most,
    parameter = 'MaxResults',
  }: { readonly usual: number; readonly most: number; readonly parameter?: string },
): { readonly page: readonly T[]; readonly NextToken: string } {
  const size = given.number(parameter, usual)
  if (!(size >= 1 && size <= most)) throw invalid(parameter)
  const from = given.has('NextToken') ? Number(given.text('NextToken').replace(/^page-/, '')) : 0
  if (!Number.isInteger(from) || from < 0 || from > items.length)
    throw new Refusal('InvalidParameter.NextToken', 'The specified NextToken is not valid.')
  const to = from + size
  return { page: items.slice(from, to), NextToken: to < items.length ? `page-${to}` : '' }
}

/** One page by number: `PageNumber` and `PageSize`. */
export function pageByNumber<T>(
  items: readonly T[],
  given: Given,
  { usual, most }: { readonly usual: number; readonly most: number },
): {
  readonly page: readonly T[]
  readonly PageNumber: number
  readonly PageSize: number
  readonly TotalCount: number
} {
  const PageSize = given.number('PageSize', usual)
  const PageNumber = given.number('PageNumber', 1)
  if (PageSize < 1 || PageSize > most) throw invalid('PageSize')
  if (PageNumber < 1) throw invalid('PageNumber')
  const from = (PageNumber - 1) * PageSize
  return { page: items.slice(from, from + PageSize), PageNumber, PageSize, TotalCount: items.length }
}
