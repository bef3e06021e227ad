import { type Fields, fieldSchema } from './fields.ts'
import type { Route } from './route.ts'
import { ANSWERS, SHAPES } from './shapes.ts'

/** The OpenAPI 3.1 document of these routes, from the same fields that check their requests. */
export function openapi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tidegate admin API', version },
    // Where no tokens are kept nobody needs one.
    security: [{}, { token: [] }],
    paths,
    components: {
      schemas: SHAPES,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function operation(route: Route): object {
  return {
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(route.method === 'GET' ? {} : { requestBody: requestBody(route.body) }),
    responses: {
      200: {
        description: 'Done',
        content: { 'application/json': { schema: ANSWERS[route.path] ?? { type: 'object' } } },
      },
      default: {
        description: 'Not done, and why',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(fields: Fields): object[] {
  return Object.entries(fields).map(([name, field]) => ({
    name,
    in: 'query',
    required: field.required ?? false,
    description: field.description,
    schema: fieldSchema(field),
  }))
}

function requestBody(fields: Fields): object {
  const entries = Object.entries(fields)
  const required = entries.filter(([, field]) => field.required).map(([name]) => name)
  const properties = entries.map(([name, field]) => [
    name,
    { ...fieldSchema(field), description: field.description },
  ])
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    required,
    additionalProperties: false,
  }
  return { required: required.length > 0, content: { 'application/json': { schema } } }
}
