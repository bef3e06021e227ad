import { type BadCase, bad, file } from './fixture.cases.ts'

function health(keys: string): string {
  return file({ api: `api: { fleet: api, health: { ${keys} } }` })
}

export const HEALTH_CASES: readonly BadCase[] = [
  bad(
    'a check that there is not',
    health('type: §ftp'),
    'pools.api.health.type',
    'expected http, https, tcp, tls, grpc, udp, icmp or command, got ftp',
  ),
  bad(
    'a key of another check',
    health('type: tcp, §json: { path: a, value: 1 }'),
    'pools.api.health.json',
    'has no effect on a tcp check; expected type: http or https',
  ),
  bad(
    'a body of HEAD',
    health('method: §HEAD, text: ok'),
    'pools.api.health.method',
    'an answer to HEAD has no body to look at; expected GET',
  ),
  bad(
    'a greeting whose answer nobody looks at',
    health('type: tcp, send: §PING'),
    'pools.api.health.send',
    'nobody looks at the answer; expected text or regex beside it',
  ),
  bad(
    'a command check without a command',
    file({ api: 'api: { fleet: api, §health: { type: command } }' }),
    'pools.api.health',
    'missing command; expected a program, such as command: [/usr/bin/check, --fast]',
  ),
  bad(
    'an age of no days',
    health('type: https, §certificate: { action: warn }'),
    'pools.api.health.certificate',
    'missing days; expected a whole number such as 14',
  ),
  bad(
    'half of a field',
    health('§json: { path: a }'),
    'pools.api.health.json',
    'has one of path and value; expected both',
  ),
  bad(
    'sizes that exclude each other',
    health('size: { least: 2KiB, most: §1KiB }'),
    'pools.api.health.size.most',
    'less than least, so that no answer passes',
  ),
  bad(
    'the name of a header with a space',
    health('headers: { §"x y": 1 }'),
    'pools.api.health.headers.x y',
    'expected the name of a header',
  ),
  bad(
    'Host among the headers',
    health('headers: { §host: a }'),
    'pools.api.health.headers.host',
    'expected health.host',
  ),
  bad(
    'a header of the framing',
    health('headers: { §content-length: 1 }'),
    'pools.api.health.headers.content-length',
    'the check sets it itself',
  ),
  bad(
    'a header over two lines',
    health('headers: { x: §"a\\nb" }'),
    'pools.api.health.headers.x',
    'expected text of at most 4000 printable characters',
  ),
  bad(
    'a user and a token',
    health('§authorization: { user: a, password: b, bearer: c }'),
    'pools.api.health.authorization',
    'expected user and password, or bearer',
  ),
  bad(
    'a user without a password',
    health('§authorization: { user: a }'),
    'pools.api.health.authorization',
    'has one of user and password; expected both',
  ),
  bad(
    'https without encryption',
    health('type: https, tls: { enabled: §false }'),
    'pools.api.health.tls.enabled',
    'a https check is always encrypted; expected type: http',
  ),
]
