import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, expect, test } from 'vitest'
import {
  aDecision,
  aFleet,
  anEvent,
  aPlan,
  aPool,
  apiTools,
  NOW,
  queriesOf,
  recordedOrders,
} from '../../test/kit/admin.ts'
import { apiDocument, createApi } from './server.ts'
import { ANSWERS, SHAPES } from './shapes.ts'

const closers: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of closers.splice(0)) await one.close()
})

const alert = { name: 'at-max' as const, sinceAt: NOW, says: 'more are wanted' }
const audit = {
  id: 1,
  at: NOW,
  who: 'ann',
  address: '127.0.0.1',
  what: 'POST /api/v1/stop',
  body: {},
  status: 200,
}

function ports() {
  const queries = queriesOf({
    journal: [anEvent(1)],
    fleets: async () => [
      aFleet({ alerts: [alert], backoff: { failures: 1, untilAt: NOW, why: 'it failed' } }),
      aFleet({ name: 'new', decision: null }),
    ],
    audits: async () => [{ ...audit, code: null, before: {}, after: {} }],
  })
  return { queries, orders: recordedOrders().orders, ...apiTools() }
}

test('the document is what the specification of OpenAPI 3.1 asks for', async () => {
  const { valid, errors } = await new Validator().validate(apiDocument(ports()) as Record<string, unknown>)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test('docs/reference/openapi.json is what the API says; if not: node scripts/docs.ts', () => {
  const page = readFileSync(new URL('../../docs/reference/openapi.json', import.meta.url), 'utf8')
  expect(JSON.parse(page)).toEqual(JSON.parse(JSON.stringify(apiDocument(ports()))))
})

test.each(Object.keys(ANSWERS))('what %s answers is what the document says', async (path) => {
  const app = createApi(ports())
  closers.push(app)
  const url = path.replace('{name}', 'api') + (path.endsWith('decisions') ? '?fleet=api' : '')
  const answer = await app.inject({ url, headers: { host: 'localhost', accept: 'application/json' } })
  expect(answer.statusCode).toBe(200)
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
  ajv.addVocabulary(['components'])
  const check = ajv.compile({ ...ANSWERS[path]!, components: { schemas: SHAPES } })
  expect(check(answer.json()), ajv.errorsText(check.errors)).toBe(true)
})

test('the answers that the shapes are held to have something of everything', () => {
  expect(
    [aPool().members, aFleet().servers, aPlan().opinions, aDecision().decision.because].every(
      (all) => all.length > 0,
    ),
  ).toBe(true)
})
