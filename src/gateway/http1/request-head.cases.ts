import { HOST, LINE_CASES, MINIMAL, type RequestCase } from './request-line.cases.ts'

function fields(...lines: string[]): string {
  return `POST /x HTTP/1.1\r\n${HOST}${lines.map((text) => `${text}\r\n`).join('')}\r\n`
}

function host(value: string): string {
  return `GET /x HTTP/1.1\r\nHost: ${value}\r\n\r\n`
}

const HOSTS: readonly RequestCase[] = [
  {
    what: 'no Host',
    status: 400,
    refused: ['GET /x HTTP/1.1\r\n\r\n', 'GET http://a.example/ HTTP/1.1\r\nX-Host: a\r\n\r\n'],
    accepted: 'GET /x HTTP/1.0\r\n\r\n',
  },
  {
    what: 'two Hosts',
    status: 400,
    refused: [fields('Host: b.example'), fields('Host: a.example'), fields('HOST: a.example')],
    accepted: fields('X-Host: b.example'),
  },
  {
    what: 'an empty Host',
    status: 400,
    refused: [host(''), host(' \t '), 'GET /x HTTP/1.0\r\nHost:\r\n\r\n'],
    accepted: host('a'),
  },
  {
    what: 'user information in Host',
    status: 400,
    refused: [host('u@a.example'), host('a.example@b.example'), host('u:p@a.example')],
    accepted: host('u_a.example'),
  },
  {
    what: 'bytes in Host that no name has',
    status: 400,
    refused: [
      host('a b'),
      host('a,b'),
      host('a/b'),
      host('a\\b'),
      host('a?b'),
      host('a#b'),
      host('a%2eb'),
      host('\xe9.example'),
      host('a;b'),
      host('*.example'),
    ],
    accepted: host('xn--9ca.Example.'),
  },
  {
    what: 'a malformed port in Host',
    status: 400,
    refused: [
      host('a:'),
      host('a:b'),
      host('a:80:80'),
      host('a:0'),
      host('a:080'),
      host('a:65536'),
      host('a:+80'),
      host('a:80 81'),
      host(':80'),
    ],
    accepted: host('a:65535'),
  },
  {
    what: 'a malformed IP literal in Host',
    status: 400,
    refused: [
      host('[::1'),
      host('::1'),
      host('[]'),
      host('[g::1]'),
      host('[::1]x'),
      host('[fe80::1%25eth0]'),
      host('[::1]:'),
    ],
    accepted: host('[::1]:80'),
  },
  {
    what: 'a Host without end',
    status: 400,
    refused: [host('a'.repeat(256))],
    accepted: host('a'.repeat(255)),
  },
]

const LINES: readonly RequestCase[] = [
  {
    what: 'a bare LF after a field',
    status: 400,
    refused: [fields('A: b\nC: d'), `GET /x HTTP/1.1\r\nHost: a\n\r\n`],
    accepted: fields('A: b', 'C: d'),
  },
  {
    what: 'a bare LF at the end',
    status: 400,
    refused: [`GET /x HTTP/1.1\r\n${HOST}\n`, `GET /x HTTP/1.1\r\n${HOST}\n\n`],
    accepted: MINIMAL,
  },
  {
    what: 'a bare CR in or behind a field',
    status: 400,
    refused: [fields('A: b\rC: d'), fields('A: b\r'), `GET /x HTTP/1.1\r\n${HOST}\rX: y\r\n\r\n`],
    accepted: fields('A: b', 'C: d'),
  },
  {
    what: 'a folded field',
    status: 400,
    refused: [fields('A: b', ' c'), fields('A: b', '\tc: d'), `GET /x HTTP/1.1\r\n A: b\r\n${HOST}\r\n`],
    accepted: fields('A: b \t c'),
  },
  {
    what: 'white space before the colon',
    status: 400,
    refused: [fields('A : b'), fields('A\t: b'), fields('Transfer-Encoding : chunked')],
    accepted: fields('A:b', 'B: \t c \t'),
  },
  {
    what: 'a field without name',
    status: 400,
    refused: [fields(': b'), fields(':')],
    accepted: fields('A:'),
  },
  {
    what: 'a field without colon',
    status: 400,
    refused: [fields('A'), fields('A b')],
    accepted: fields('A:b'),
  },
  {
    what: 'a field name that is no token',
    status: 400,
    refused: [
      fields('A(: b'),
      fields('A B: c'),
      fields('A\0: b'),
      fields('\xc3: b'),
      fields('"A": b'),
      fields('A/B: c'),
    ],
    accepted: fields("!#$%&'*+-.^_`|~9: b"),
  },
  {
    what: 'a control byte in a value',
    status: 400,
    refused: [
      fields('A: b\0'),
      fields('A: \x01'),
      fields('A: b\x0bc'),
      fields('A: b\x7fc'),
      fields('A: \x1b[0m'),
    ],
    accepted: fields('A: b\tc \xe9\xff'),
  },
  {
    what: 'too many fields',
    status: 431,
    refused: [fields(...Array<string>(20).fill('A: b'))],
    accepted: fields(...Array<string>(19).fill('A: b')),
  },
  {
    what: 'too many bytes',
    status: 431,
    refused: [fields(`A: ${'b'.repeat(1024)}`), fields(`${'b'.repeat(1024)}: A`)],
    accepted: fields(`A: ${'b'.repeat(900)}`),
  },
]

const FRAMING: readonly RequestCase[] = [
  {
    what: 'Content-Length beside Transfer-Encoding',
    status: 400,
    refused: [
      fields('Content-Length: 5', 'Transfer-Encoding: chunked'),
      fields('Transfer-Encoding: chunked', 'Content-Length: 0'),
      fields('Transfer-Encoding:', 'Content-Length: 5'),
    ],
    accepted: fields('Content-Length: 5'),
  },
  {
    what: 'two Content-Lengths',
    status: 400,
    refused: [
      fields('Content-Length: 5', 'Content-Length: 6'),
      fields('Content-Length: 5', 'content-length: 5'),
    ],
    accepted: fields('Content-Length: 5', 'X-Content-Length: 5'),
  },
  {
    what: 'a list in Content-Length',
    status: 400,
    refused: [fields('Content-Length: 5, 5'), fields('Content-Length: 5,6'), fields('Content-Length: 5 5')],
    accepted: fields('Content-Length: 55'),
  },
  {
    what: 'a Content-Length that is not digits',
    status: 400,
    refused: ['+5', '-1', '0x5', '5.0', '5e1', 'five', '5;', '\xb2', '1_000'].map((value) =>
      fields(`Content-Length: ${value}`),
    ),
    accepted: fields('Content-Length:\t5 '),
  },
  {
    what: 'leading zeros in Content-Length',
    status: 400,
    refused: [fields('Content-Length: 05'), fields('Content-Length: 00')],
    accepted: fields('Content-Length: 0'),
  },
  {
    what: 'an empty Content-Length',
    status: 400,
    refused: [fields('Content-Length:'), fields('Content-Length: \t')],
    accepted: fields('Content-Length: 0'),
  },
  {
    what: 'a Content-Length beyond all numbers',
    status: 400,
    refused: [
      fields('Content-Length: 18446744073709551621'),
      fields('Content-Length: 9007199254740993'),
      fields(`Content-Length: 1${'0'.repeat(400)}`),
    ],
    accepted: fields('Content-Length: 999999999999999'),
  },
  {
    what: 'another coding than chunked',
    status: 400,
    refused: ['identity', 'gzip', 'xchunked', 'chunked1', '', '"chunked"', 'chunke', "chunked'"].map(
      (value) => fields(`Transfer-Encoding: ${value}`),
    ),
    accepted: fields('Transfer-Encoding: Chunked'),
  },
  {
    what: 'a list of codings',
    status: 400,
    refused: [
      'gzip, chunked',
      'chunked, chunked',
      'chunked, identity',
      'chunked,',
      ',chunked',
      'identity, chunked',
    ].map((value) => fields(`Transfer-Encoding: ${value}`)),
    accepted: fields('Transfer-Encoding:chunked'),
  },
  {
    what: 'parameters of chunked',
    status: 400,
    refused: [fields('Transfer-Encoding: chunked;q=1'), fields('Transfer-Encoding: chunked;')],
    accepted: fields('transfer-encoding: chunked'),
  },
  {
    what: 'control bytes beside chunked',
    status: 400,
    refused: ['\x0bchunked', 'chunked\x0b', 'chunked\x0c', '\x00chunked', 'chunked\xa0'].map((value) =>
      fields(`Transfer-Encoding: ${value}`),
    ),
    accepted: fields('Transfer-Encoding: \tchunked\t '),
  },
  {
    what: 'two Transfer-Encodings',
    status: 400,
    refused: [
      fields('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
      fields('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'),
    ],
    accepted: fields('Transfer-Encoding: chunked', 'X-Transfer-Encoding: identity'),
  },
  {
    what: 'a folded Transfer-Encoding',
    status: 400,
    refused: [fields('Transfer-Encoding:', ' chunked'), fields('Transfer-Encoding: chunked', ' , identity')],
    accepted: fields('Transfer-Encoding: chunked'),
  },
  {
    what: 'Transfer-Encoding of HTTP/1.0',
    status: 400,
    refused: [`POST /x HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`],
    accepted: `POST /x HTTP/1.0\r\n${HOST}Content-Length: 5\r\n\r\n`,
  },
  {
    what: 'names that look like those of the frame',
    status: 400,
    refused: [
      'Content_Length: 5',
      'Transfer_Encoding: chunked',
      'CONTENT_LENGTH: 5',
      'transfer_encoding: x',
    ].map((text) => fields(text)),
    accepted: fields('Content_Type: 5', 'ContentLength: 5'),
  },
  {
    what: 'names that look like those the gateway answers for',
    status: 400,
    refused: [
      'X_Forwarded_For: ::1',
      'X-Forwarded_Proto: https',
      'X_Forwarded-Host: b',
      'Keep_Alive: 1',
      'Proxy_Authorization: x',
    ].map((text) => fields(text)),
    accepted: fields('X_Forwarded: ::1'),
  },
]

const HOP: readonly RequestCase[] = [
  {
    what: 'Connection that names the frame',
    status: 400,
    refused: [
      'Content-Length',
      'transfer-encoding',
      'close, Content-Length',
      'Content_Length',
      'keep-alive,Transfer-Encoding',
    ].map((value) => fields(`Connection: ${value}`)),
    accepted: fields('Connection: close, X-Hop'),
  },
  {
    what: 'Connection that names Host',
    status: 400,
    refused: [fields('Connection: Host'), fields('Connection: close', 'Connection: host')],
    accepted: fields('Connection: X-Host'),
  },
  {
    what: 'Connection that is no list of tokens',
    status: 400,
    refused: [
      fields('Connection: a b'),
      fields('Connection: "close"'),
      fields('Connection: close; x'),
      fields('Connection: \xff'),
    ],
    accepted: fields('Connection: , close ,,\tte,'),
  },
  {
    what: 'Connection with too many names',
    status: 400,
    refused: [fields(`Connection: ${'a,'.repeat(33)}`)],
    accepted: fields(`Connection: ${'a,'.repeat(32)}`),
  },
  {
    what: 'another expectation than 100-continue',
    status: 417,
    refused: [
      fields('Expect: 200-ok'),
      fields('Expect: 100-continue, x'),
      fields('Expect:'),
      fields('Expect: 100-continue', 'Expect: 100-continue'),
    ],
    accepted: fields('Expect: 100-Continue'),
  },
  {
    what: 'a body before a tunnel',
    status: 400,
    refused: [
      fields('Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 5'),
      fields('Upgrade: websocket', 'Transfer-Encoding: chunked', 'Connection: x, upgrade'),
    ],
    accepted: fields('Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 0'),
  },
]

/** Limits of all cases: 1024 bytes and 20 lines. */
export const REQUEST_CASES = [...LINE_CASES, ...HOSTS, ...LINES, ...FRAMING, ...HOP]
