import * as z from 'zod'
import { wholeForm } from '../core/form.ts'
import { bind } from './bind-field.ts'
import {
  bitRate,
  bytes,
  choice,
  field,
  type Kind,
  percent,
  section,
  text,
  textOrList,
  whole,
  wholeOf,
} from './fields.ts'
import { DEFAULT_STATE } from './state-dir.ts'

/** The keys of the file itself: shape, defaults and help. Those of its parts are in `*-schema.ts`, a driver's own with the driver. The
 *  reference is generated from all of them. */

/** With an installation of 20 and a sequence of 13 digits, a token of at most 64 characters. */
export const NAME = /^[a-z0-9-]{1,29}$/

export const MAX_WORKERS = 64

const WORKERS: Kind = {
  type: 'whole number or `auto`',
  allowed: `1 to ${MAX_WORKERS}`,
  expects: `auto or a whole number from 1 to ${MAX_WORKERS}`,
  schema: { anyOf: [{ const: 'auto' }, wholeForm(1, MAX_WORKERS).schema] },
}

/** Its parts are read one by one, so that a problem in one does not hide those of the others. */
export const ROOT = z.strictObject({
  name: text('1 to 20 lower-case letters, digits and hyphens', /^[a-z0-9-]{1,20}$/, {
    help: 'Marks every server that this installation owns. Default: a hash of the real path of this file.',
  }).optional(),
  state: text('a folder', /^.+$/, {
    help: 'Journal, snapshot, logs and locks; relative to the folder of this file.',
    default: DEFAULT_STATE,
  }),
  reload: choice(['auto', 'manual'], {
    help: '`auto`: this file is loaded anew a moment after it, or a file of a secret in it, has changed; one with errors is refused, and what runs stays. `manual`: only by `tidegate reload` or SIGHUP.',
    default: 'auto',
  }),
  https: choice(['optional', 'only'], {
    help: '`only`: http listeners redirect (308) to the first https listener, https listeners tell browsers to come back by https alone (HSTS, one year), and servers are spoken to in TLS unless `upstream.tls.enabled` of a pool is false.',
    default: 'optional',
  }),
  gateway: section({
    workers: field(WORKERS, readWorkers, {
      help: 'Threads that carry traffic; `auto` = one a core.',
      default: 'auto',
    }),
    panic: percent({
      help: 'When a smaller share of the members of a pool is healthy, all that serve are used, healthy or not; 0% = never.',
      default: '50%',
    }),
    'access-log': text('a path, or none', /^.+$/, {
      help: 'A file for one line a request, relative to the folder of this file; `none` = no log.',
      default: 'none',
    }),
    'access-log-format': choice(['json', 'combined'], {
      help: '`json` tells most; `combined` is what Apache and nginx write.',
      default: 'json',
    }),
    traces: choice(['pass', 'make'], {
      help: '`pass`: what requests say of their trace (W3C Trace Context) goes on to servers. `make`: those that say nothing begin one. The access log names it.',
      default: 'pass',
    }),
    resolvers: textOrList('the address of a DNS server, such as 10.0.0.2 or 10.0.0.2:53, or a list of them', {
      help: 'DNS servers that are asked for the names of servers, for as long as their answers say. Left out: the system is asked, every 30 s.',
    }).optional(),
    bandwidth: bitRate({
      help: 'What the line to the clients carries, such as `1Gbps`: `bandwidth-free` is the rest of it. Default: not known, and no rule may use `bandwidth-free`.',
    }).optional(),
  }),
  admin: section({
    bind: bind('127.0.0.1:9900', {
      help: 'API and /metrics. Anything but a loopback address needs `tokens`.',
      default: '127.0.0.1:9900',
    }),
    tokens: text('a path, or none', /^.+$/, {
      help: 'A file with a line a holder, which `tidegate token NAME` writes; relative to the folder of this file. With it every request needs a token. `none` = nobody does.',
      default: 'none',
    }),
    hosts: textOrList('a host name or a list of them', {
      help: 'Names by which the API may be addressed, beside addresses and localhost.',
    }).optional(),
  }),
  logs: section({
    size: bytes(
      {
        help: 'When a log of Tidegate or of a local server, or the access log, has grown to this, it is kept as `.1` and a new one begins.',
        default: '100MiB',
      },
      '64KiB',
      '1TiB',
    ),
    keep: whole(
      { help: 'How many former ones of each log are kept: `.1` is the youngest.', default: 5 },
      0,
      100,
    ),
  }),
  history: section({
    size: bytes(
      {
        help: 'Most that the history of metrics may take on disk: some 1 MB for each metric of each fleet. When it is full, the oldest goes.',
        default: '256MiB',
      },
      '32MiB',
      '1024GiB',
    ),
  }),
  listeners: z.unknown().optional(),
  pools: z.unknown().optional(),
  fleets: z.unknown().optional(),
  balancers: z.unknown().optional(),
  sources: z.unknown().optional(),
  metrics: z.unknown().optional(),
})

function readWorkers(raw: unknown): number | 'auto' | undefined {
  if (raw === 'auto') return raw
  const count = wholeOf(raw)
  return count !== undefined && count >= 1 && count <= MAX_WORKERS ? count : undefined
}
