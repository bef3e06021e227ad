import * as z from 'zod'
import { TLS_GROUPS } from '../core/tls.ts'
import { choice, duration, list, section, text, textOrList, yesNo } from './fields.ts'

const FILE = /^[^\0]+$/
const pem = (help: string) => text('the path of a PEM file', FILE, { help })

export const TLS = section({
  certificates: list('a list of certificates, each { cert: web.pem, key: web.key }', {
    help: 'Chosen by the name that the client asks for (SNI); the first one answers the others. https and tls need one.',
  }).optional(),
  'min-version': choice(['TLSv1.2', 'TLSv1.3'], {
    help: 'The oldest TLS that clients may speak.',
    default: 'TLSv1.2',
  }),
  groups: textOrList(`a list of groups out of ${TLS_GROUPS.join(', ')}`, {
    help: `Key exchange, the preferred one first, out of ${TLS_GROUPS.join(', ')}. Those with MLKEM resist quantum computers. Default: X25519MLKEM768, X25519, P-256, P-384.`,
  }).optional(),
  handshake: duration(
    {
      help: 'From connecting to the end of the handshake; then closed.',
      default: '10s',
      advice: {
        least: '3s',
        below: 'clients on slow networks are cut off',
        most: '30s',
        above: 'clients that never finish hold their connections for that long',
      },
    },
    { min: '100ms', max: '2m' },
  ),
  'client-certificate': section({
    ca: pem(
      'The authorities that clients’ certificates come from. Left out: clients are not asked for one.',
    ).optional(),
    mode: choice(['require', 'request'], {
      help: '`require`: no connection without a certificate. `request`: servers are told whose it is, if there is one.',
      default: 'require',
    }),
  }),
  passthrough: yesNo({
    help: 'Of a tls listener: nothing is decrypted; the server has the certificate, and rules choose it by the name that the client asks for.',
    default: false,
  }),
})

export const CERTIFICATE = z.strictObject({
  cert: pem('The certificate, with its chain behind it.'),
  key: pem('Its key, without a passphrase.'),
})

export const SERVER_TLS = section({
  enabled: yesNo({
    help: 'Connections to the servers are encrypted. Default: true when another key of tls is set, or with `https: only`, but for what passes through.',
  }).optional(),
  verify: yesNo({ help: 'The server’s certificate must be valid for its name.', default: true }),
  ca: pem('The authorities that it must come from. Left out: those that the runtime knows.').optional(),
  'server-name': text('a host name', /^[a-zA-Z0-9_.:-]+$/, {
    help: 'Asked for (SNI) and checked. Left out: the server’s name or address.',
  }).optional(),
  cert: pem('The gateway’s own certificate towards the server.').optional(),
  key: pem('Its key.').optional(),
})
