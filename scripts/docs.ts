import { mkdirSync, writeFileSync } from 'node:fs'
import { apiDocument } from '../src/api/server.ts'
import { configSchema } from '../src/config/json-schema.ts'
import { configReference } from '../src/config/reference.ts'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from '../src/drivers/index.ts'
import { apiTools, queriesOf, recordedOrders } from '../test/kit/admin.ts'
import { faultsReference } from './faults-page.ts'
import { gatewayReference } from './gateway-page.ts'
import { metricsReference } from './metrics-page.ts'
import { sandboxReference } from './sandbox-page.ts'

/** Writes the generated pages of docs/reference. Tests say when they are stale. */
const folder = new URL('../docs/reference/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('config.md', folder), configReference(DRIVERS, METRIC_DRIVERS, BALANCER_DRIVERS))
writeFileSync(
  new URL('tidegate.schema.json', folder),
  `${JSON.stringify(configSchema(DRIVERS, METRIC_DRIVERS, BALANCER_DRIVERS), null, 2)}\n`,
)
writeFileSync(new URL('faults.md', folder), faultsReference())
writeFileSync(new URL('metrics.md', folder), metricsReference())
writeFileSync(new URL('gateway.md', folder), gatewayReference())
writeFileSync(new URL('sandbox.md', folder), sandboxReference())
// Nothing is asked of these: the document only needs somebody who could answer.
const ports = { queries: queriesOf(), orders: recordedOrders().orders, ...apiTools() }
writeFileSync(new URL('openapi.json', folder), `${JSON.stringify(apiDocument(ports), null, 2)}\n`)
