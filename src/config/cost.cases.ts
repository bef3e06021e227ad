import { type BadCase, bad, file } from './fixture.cases.ts'

const fleet = (keys: string) =>
  file({ api: 'api: { fleet: f }', fleets: `f: { driver: fake, command: run, max: 1, ${keys} }` })

export const COST_CASES: readonly BadCase[] = [
  bad(
    'a price below nothing',
    fleet('price: { per-hour: §-1 }'),
    'fleets.f.price.per-hour',
    'expected a number from 0 to 1000000, such as 0.5, got -1',
  ),
  bad(
    'a type without a price',
    fleet('price: { §types: { big: dear } }'),
    'fleets.f.price.types',
    'expected types of servers and what each costs an hour, such as { ecs.g7.large: 0.68 }',
  ),
  bad(
    'a night without an end',
    fleet('price: { §night: { from: 22 } }'),
    'fleets.f.price.night',
    'expected two different hours, such as { from: 22, until: 8, factor: 50% }',
  ),
  bad(
    'a budget of nothing',
    fleet('budget: { amount: §0 }'),
    'fleets.f.budget.amount',
    'expected an amount above 0, such as 500, or none, got 0',
  ),
  bad(
    'watts that fall',
    fleet('§watts: { idle: 90, peak: 50 }'),
    'fleets.f.watts',
    'expected both, the lower one first, such as { idle: 60, peak: 180 }',
  ),
  bad(
    'an hour without its carbon',
    fleet('carbon: { intensity: §[1, 2, 3] }'),
    'fleets.f.carbon.intensity',
    'expected grams a kWh from 0 to 3000, such as 540, or a list of 24, one for each hour',
  ),
  bad(
    'a zone with more carbon than there is',
    fleet('carbon: { §zones: { a: 540, b: 9000 } }'),
    'fleets.f.carbon.zones',
    'expected zones and the grams a kWh of each, such as { cn-hangzhou-h: 540 }, or a list of 24, one for each hour',
  ),
  bad(
    'a price of carbon that nobody counts',
    fleet('§carbon: { per-tonne: 70 }'),
    'fleets.f.carbon',
    'expected what a kWh makes beside per-tonne, such as intensity: 540',
  ),
  bad(
    'a currency of many words',
    fleet('price: { currency: §"renminbi yuan" }'),
    'fleets.f.price.currency',
    'expected one to eight characters, such as CNY, got "renminbi yuan"',
  ),
]
