/** A class of malformed or ambiguous responses: heads that are refused, beside one that differs little and is accepted. */
export interface ResponseCase {
  readonly what: string
  readonly refused: readonly string[]
  readonly accepted: string
  /** What the request was; GET when absent. */
  readonly to?: 'head' | 'upgrade'
}

const MINIMAL = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'

function ok(...lines: string[]): string {
  return `HTTP/1.1 200 OK\r\n${lines.map((text) => `${text}\r\n`).join('')}\r\n`
}

function status(text: string, ...lines: string[]): string {
  return `HTTP/1.1 ${text}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
}

const LINES: readonly ResponseCase[] = [
  {
    what: 'something before the status line',
    refused: [`\r\n${MINIMAL}`, ` ${MINIMAL}`, `\n${MINIMAL}`, `x${MINIMAL}`],
    accepted: MINIMAL,
  },
  {
    what: 'another protocol',
    refused: [
      'ICY 200 OK\r\n\r\n',
      'SSH-2.0-OpenSSH_9\r\n',
      'http/1.1 200 OK\r\n\r\n',
      'HTTPS/1.1 200 OK\r\n\r\n',
    ],
    accepted: MINIMAL,
  },
  {
    what: 'another version of HTTP',
    refused: [
      'HTTP/1.2 200 OK\r\n\r\n',
      'HTTP/2.0 200 OK\r\n\r\n',
      'HTTP/2 200\r\n\r\n',
      'HTTP/0.9 200 OK\r\n\r\n',
      'HTTP/1.10 200 OK\r\n\r\n',
      'HTTP/1.x 200 OK\r\n\r\n',
    ],
    accepted: 'HTTP/1.0 200 OK\r\n\r\n',
  },
  {
    what: 'a status that is not three digits',
    refused: [
      status('20 OK'),
      status('2000 OK'),
      status('2x0 OK'),
      status('-20 OK'),
      status('0200 OK'),
      status('OK'),
    ],
    accepted: status('200 20 OK'),
  },
  {
    what: 'a status of no class',
    refused: [status('099 X'), status('600 X'), status('999 X'), status('000 X')],
    accepted: status('599 X'),
  },
  {
    what: 'more than one space or a tab in the status line',
    refused: ['HTTP/1.1  200 OK\r\n\r\n', 'HTTP/1.1\t200 OK\r\n\r\n', 'HTTP/1.1 200\tOK\r\n\r\n'],
    accepted: 'HTTP/1.1 200\r\n\r\n',
  },
  {
    what: 'a control byte in the reason',
    refused: [status('200 O\0K'), status('200 O\x7fK'), status('200 O\rK'), status('200 \x0b')],
    accepted: status('200 Tr\xe8s\tbien'),
  },
  {
    what: 'a bare LF',
    refused: [
      'HTTP/1.1 200 OK\n\n',
      'HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\n',
      ok('A: b\nC: d'),
      'HTTP/1.1 200 OK\r\n\n',
    ],
    accepted: ok('A: b', 'C: d'),
  },
  {
    what: 'a bare CR',
    refused: [ok('A: b\rC: d'), 'HTTP/1.1 200 OK\r\n\rA: b\r\n\r\n'],
    accepted: ok('A: b', 'C: d'),
  },
  {
    what: 'a folded field',
    refused: [ok('A: b', ' c'), ok('A: b', '\tc: d'), 'HTTP/1.1 200 OK\r\n A: b\r\n\r\n'],
    accepted: ok('A: b \t c'),
  },
  {
    what: 'white space before the colon',
    refused: [ok('Content-Length : 5'), ok('A\t: b')],
    accepted: ok('A:b'),
  },
  {
    what: 'a field without name, or that is no field',
    refused: [ok(': b'), ok('A'), ok('A b: c'), ok('\xe9: b')],
    accepted: ok('A:'),
  },
  {
    what: 'a control byte in a value',
    refused: [ok('A: \0'), ok('A: b\x08'), ok('A: \x7f')],
    accepted: ok('A: \t\xe9'),
  },
  {
    what: 'too many fields',
    refused: [ok(...Array<string>(21).fill('A: b'))],
    accepted: ok(...Array<string>(20).fill('A: b')),
  },
  {
    what: 'too many bytes',
    refused: [ok(`A: ${'b'.repeat(1024)}`), status(`200 ${'x'.repeat(2000)}`)],
    accepted: ok(`A: ${'b'.repeat(900)}`),
  },
]

const FRAMING: readonly ResponseCase[] = [
  {
    what: 'Content-Length beside Transfer-Encoding',
    refused: [
      ok('Content-Length: 5', 'Transfer-Encoding: chunked'),
      ok('Transfer-Encoding: chunked', 'Content-Length: 5'),
    ],
    accepted: ok('Transfer-Encoding: chunked'),
  },
  {
    what: 'two Content-Lengths or a list of them',
    refused: [
      ok('Content-Length: 5', 'Content-Length: 6'),
      ok('Content-Length: 5', 'Content-Length: 5'),
      ok('Content-Length: 5, 5'),
    ],
    accepted: MINIMAL,
  },
  {
    what: 'a Content-Length that is no number',
    refused: ['+5', '-1', '0x5', '05', '', '5 5', '1e3', '18446744073709551616'].map((value) =>
      ok(`Content-Length: ${value}`),
    ),
    accepted: ok('Content-Length: 0'),
  },
  {
    what: 'another coding than chunked',
    refused: [
      'gzip, chunked',
      'identity',
      'chunked, chunked',
      'xchunked',
      'chunked;q=1',
      '',
      '\x0bchunked',
    ].map((value) => ok(`Transfer-Encoding: ${value}`)),
    accepted: ok('Transfer-Encoding: CHUNKED'),
  },
  {
    what: 'two Transfer-Encodings',
    refused: [ok('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    accepted: ok('Transfer-Encoding: chunked'),
  },
  {
    what: 'Transfer-Encoding of HTTP/1.0',
    refused: ['HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    accepted: 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n',
  },
  {
    what: 'names that look like those of the frame',
    refused: [ok('Content_Length: 5'), ok('Transfer_Encoding: chunked')],
    accepted: ok('Content_Type: a/b'),
  },
  {
    what: 'Connection that names the frame',
    refused: [ok('Connection: Content-Length'), ok('Connection: close, transfer-encoding')],
    accepted: ok('Connection: close, X-Hop'),
  },
  {
    what: 'Connection that is no list of tokens',
    refused: [ok('Connection: a b'), ok('Connection: "close"')],
    accepted: ok('Connection: close,'),
  },
  {
    what: '204 with a body',
    refused: [status('204 X', 'Content-Length: 5'), status('204 X', 'Transfer-Encoding: chunked')],
    accepted: status('204 X', 'Content-Length: 0'),
  },
  {
    what: 'an interim response with a body',
    refused: [status('100 X', 'Content-Length: 5'), status('103 X', 'Transfer-Encoding: chunked')],
    accepted: status('103 X', 'Link: </x>'),
  },
  {
    what: 'a doubtful frame where no body follows',
    to: 'head',
    refused: [ok('Content-Length: 5', 'Content-Length: 6'), ok('Content-Length: x')],
    accepted: MINIMAL,
  },
  {
    what: 'switched protocols that nobody asked for',
    refused: [status('101 X', 'Connection: Upgrade', 'Upgrade: websocket')],
    accepted: status('102 X'),
  },
  {
    what: 'switched protocols without naming one',
    to: 'upgrade',
    refused: [
      status('101 X'),
      status('101 X', 'Upgrade: websocket'),
      status('101 X', 'Connection: Upgrade'),
      status('101 X', 'Connection: Upgrade', 'Upgrade: h2c'),
      status('101 X', 'Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: x'),
    ],
    accepted: status('101 X', 'Connection: Upgrade', 'Upgrade: websocket'),
  },
  {
    what: 'switched protocols with a body',
    to: 'upgrade',
    refused: [status('101 X', 'Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 5')],
    accepted: status('101 X', 'Connection: upgrade', 'Upgrade: WebSocket', 'Content-Length: 0'),
  },
]

/** Limits of all cases: 1024 bytes and 20 lines. */
export const RESPONSE_CASES = [...LINES, ...FRAMING]
