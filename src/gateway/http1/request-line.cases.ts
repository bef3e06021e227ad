/** A class of malformed or ambiguous requests: heads that are refused, beside one that differs little and is accepted. */
export interface RequestCase {
  readonly what: string
  readonly status: number
  readonly refused: readonly string[]
  readonly accepted: string
}

export const HOST = 'Host: a.example\r\n'
export const MINIMAL = `GET /x HTTP/1.1\r\n${HOST}\r\n`

function line(first: string): string {
  return `${first}\r\n${HOST}\r\n`
}

function target(text: string): string {
  return line(`GET ${text} HTTP/1.1`)
}

const REQUEST_LINES: readonly RequestCase[] = [
  {
    what: 'a bare LF after the request line',
    status: 400,
    refused: [`GET /x HTTP/1.1\n${HOST}\r\n`],
    accepted: MINIMAL,
  },
  {
    what: 'a bare CR in the request line',
    status: 400,
    refused: [line('GET /x\rHTTP/1.1'), line('GET /x HTTP/1.1\r')],
    accepted: MINIMAL,
  },
  {
    what: 'two empty lines before the request',
    status: 400,
    refused: [`\r\n\r\n${MINIMAL}`],
    accepted: `\r\n${MINIMAL}`,
  },
  {
    what: 'a bare LF or CR before the request',
    status: 400,
    refused: [`\n${MINIMAL}`, `\r${MINIMAL}`],
    accepted: `\r\n${MINIMAL}`,
  },
  {
    what: 'white space before the method',
    status: 400,
    refused: [` ${MINIMAL}`, `\t${MINIMAL}`],
    accepted: MINIMAL,
  },
  {
    what: 'a method that is no token',
    status: 400,
    refused: [line('G(T /x HTTP/1.1'), line('GÉT /x HTTP/1.1'), line('G\0T /x HTTP/1.1')],
    accepted: line('M-SEARCH /x HTTP/1.1'),
  },
  {
    what: 'a method in lower case',
    status: 400,
    refused: [line('get /x HTTP/1.1'), line('Get /x HTTP/1.1')],
    accepted: MINIMAL,
  },
  { what: 'no method', status: 400, refused: [line('/x HTTP/1.1')], accepted: MINIMAL },
  {
    what: 'a method without end',
    status: 400,
    refused: [line(`${'G'.repeat(25)} /x HTTP/1.1`)],
    accepted: line(`${'G'.repeat(24)} /x HTTP/1.1`),
  },
  {
    what: 'more than one space or a tab between the parts',
    status: 400,
    refused: [
      line('GET  /x HTTP/1.1'),
      line('GET /x  HTTP/1.1'),
      line('GET\t/x HTTP/1.1'),
      line('GET /x HTTP/1.1 '),
    ],
    accepted: MINIMAL,
  },
  {
    what: 'HTTP/0.9',
    status: 400,
    refused: [line('GET /x'), `GET /x\n${HOST}\r\n`, 'GET /x \r\n\r\n'],
    accepted: MINIMAL,
  },
  {
    what: 'another version of HTTP',
    status: 505,
    refused: [
      line('GET /x HTTP/1.2'),
      line('GET /x HTTP/2.0'),
      line('GET /x HTTP/0.9'),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ],
    accepted: MINIMAL,
  },
  {
    what: 'a version that is malformed',
    status: 400,
    refused: [
      line('GET /x http/1.1'),
      line('GET /x HTTP/1.10'),
      line('GET /x HTTP/01.1'),
      line('GET /x HTTP/1,1'),
      line('GET /x HTTP/11'),
      line('GET /x HTTPS/1.1'),
    ],
    accepted: line('GET /x HTTP/1.0'),
  },
  {
    what: 'CONNECT',
    status: 405,
    refused: [line('CONNECT a.example:443 HTTP/1.1'), line('CONNECT /x HTTP/1.1')],
    accepted: line('OPTIONS /x HTTP/1.1'),
  },
  { what: 'TRACE', status: 405, refused: [line('TRACE /x HTTP/1.1')], accepted: line('TRACES /x HTTP/1.1') },
  {
    what: 'a request line without end',
    status: 414,
    refused: [line(`GET /${'x'.repeat(2000)} HTTP/1.1`)],
    accepted: line(`GET /${'x'.repeat(900)} HTTP/1.1`),
  },
]

const TARGETS: readonly RequestCase[] = [
  {
    what: 'a fragment in the target',
    status: 400,
    refused: [target('/x#y'), target('/x?y#z')],
    accepted: target('/x%23y'),
  },
  {
    what: 'bytes in the target that are not printable ASCII',
    status: 400,
    refused: [target('/x\0'), target('/x\x7f'), target('/\xe9'), target('/x?\xff'), target('/x\x0b')],
    accepted: target('/%C3%A9?%ff'),
  },
  {
    what: 'quotes and angle brackets in the target',
    status: 400,
    refused: [target('/"'), target('/<x>'), target('/x?">')],
    accepted: target("/x'|{}^`?|{}"),
  },
  {
    what: 'a space in the target',
    status: 400,
    refused: [target('/x y'), target('/x?y z')],
    accepted: target('/x%20y?z+a'),
  },
  {
    what: 'asterisk-form of another method than OPTIONS',
    status: 400,
    refused: [target('*'), line('OPTIONS ** HTTP/1.1'), line('OPTIONS *?x HTTP/1.1')],
    accepted: line('OPTIONS * HTTP/1.1'),
  },
  {
    what: 'authority-form',
    status: 400,
    refused: [target('a.example:80'), target('a.example')],
    accepted: target('/a.example:80'),
  },
  {
    what: 'a path without its slash',
    status: 400,
    refused: [target('x/y'), target('?x')],
    accepted: target('/?x'),
  },
  {
    what: 'another scheme than http',
    status: 400,
    refused: [
      target('https://a.example/x'),
      target('ftp://a.example/'),
      target('file:///x'),
      target('http:/a.example/'),
      target('http:a.example'),
    ],
    accepted: target('HTTP://a.example/x'),
  },
  {
    what: 'an absolute target whose authority differs from Host',
    status: 400,
    refused: [
      target('http://b.example/'),
      target('http://a.example:80/'),
      target('http://a.example.b/'),
      target('http://a.exampl/'),
    ],
    accepted: target('http://A.example/'),
  },
  {
    what: 'an absolute target with user information or without authority',
    status: 400,
    refused: [
      'GET http://u@a.example/ HTTP/1.1\r\nHost: u@a.example\r\n\r\n',
      target('http:///x'),
      'GET http://u:p@a.example/ HTTP/1.0\r\n\r\n',
      'GET http:// HTTP/1.0\r\n\r\n',
    ],
    accepted: 'GET http://a.example?x HTTP/1.0\r\n\r\n',
  },
  {
    what: 'dot segments',
    status: 400,
    refused: [target('/a/../b'), target('/..'), target('/a/./b'), target('/.'), target('/./x?y')],
    accepted: target('/a/...b/.c/d../e..f/.../?/../'),
  },
  {
    what: 'dot segments in percent codes',
    status: 400,
    refused: [target('/%2e%2e/x'), target('/a/%2E./b'), target('/a/.%2e'), target('/a/%2e')],
    accepted: target('/a/%2ehidden/x%2e%2e'),
  },
  {
    what: 'dot segments behind an encoded separator',
    status: 400,
    refused: [target('/a%2f..%2fb'), target('/a%2F%2e%2e'), target('/a%5c..%5cb')],
    accepted: target('/@scope%2fname%5cx..y'),
  },
  {
    what: 'dot segments with parameters',
    status: 400,
    refused: [target('/a/..;x/b'), target('/a/.;/b'), target('/a/..%3b/b')],
    accepted: target('/.a/x;..;y/b'),
  },
  {
    what: 'a backslash in the path',
    status: 400,
    refused: [target('/a\\b'), target('/a/..\\b'), target('/\\b.example/')],
    accepted: target('/a?b\\c'),
  },
  {
    what: 'an encoded NUL in the path',
    status: 400,
    refused: [target('/a%00b'), target('/%00')],
    accepted: target('/a%01b?%00'),
  },
  {
    what: 'a broken percent code in the path',
    status: 400,
    refused: [target('/%'), target('/%4'), target('/%zz'), target('/%4g'), target('/%?41')],
    accepted: target('/%41?%'),
  },
]

export const LINE_CASES = [...REQUEST_LINES, ...TARGETS]
