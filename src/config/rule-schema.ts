import * as z from 'zod'
import { orPlaceholder } from '../core/form.ts'
import { bytes, mapping, section, text, textOrList } from './fields.ts'

const VALUE = orPlaceholder({ anyOf: [{ type: 'string' }, { type: 'number' }] })
const FIELD = {
  anyOf: [
    VALUE,
    {
      type: 'object',
      properties: { prefix: VALUE, regex: VALUE, present: { type: 'boolean' } },
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
    },
  ],
}
/** What a header, a cookie or a parameter may be asked for. */
export const FIELD_EXPECTS = 'a value, or one of { prefix: }, { regex: } and { present: }'

function fields(what: string, help: string) {
  return mapping(`names of ${what}, each with ${FIELD_EXPECTS}`, FIELD, { help })
}

export const RULE = z.strictObject({
  match: section({
    host: text('a host such as example.org or *.example.org, without a port', hostPattern(), {
      help: '`example.org`, or `*.example.org` for every name below it. Left out: every host.',
    }).optional(),
    path: text('a path such as /exact or /prefix/*', /^\/(?:[^\s?#*]*\/\*|[^\s?#*]*|\*)$/, {
      help: '`/exact`, or `/prefix/*`, which also matches `/prefix`. Left out: every path.',
    }).optional(),
    'path-regex': text('a regular expression', /^.{1,1000}$/, {
      help: 'A regular expression (RE2 syntax), looked for anywhere in the path unless `^` and `$` hold it.',
    }).optional(),
    method: textOrList('a method such as GET, or a list of them', {
      help: 'One of these methods. HEAD is one of its own.',
    }).optional(),
    header: fields('headers', 'Every one of these headers.').optional(),
    cookie: fields('cookies', 'Every one of these cookies.').optional(),
    query: fields(
      'parameters',
      'Every one of these parameters of the query, compared without percent codes.',
    ).optional(),
    source: textOrList('a network such as 10.0.0.0/8, or a list of them', {
      help: 'The client is in one of these networks.',
    }).optional(),
    type: textOrList('a media type such as application/json or image/*, or a list of them', {
      help: 'The `Content-Type` of the request is one of these.',
    }).optional(),
    size: section({
      least: bytes(
        {
          help: 'The body of the request has at least so many bytes. One of unknown length is longer than any.',
        },
        '0B',
        '1024TiB',
      ).optional(),
      most: bytes({ help: 'It has at most so many.' }, '0B', '1024TiB').optional(),
    }),
  }),
  pool: text('the name of a pool', /^.+$/, { help: 'Where the requests go.' }),
})

function hostPattern(): RegExp {
  const label = '[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?'
  return new RegExp(`^(?:(?:\\*\\.)?${label}(?:\\.${label})*|\\[[0-9a-fA-F:.]+\\])$`)
}
