import * as z from 'zod'
import { bytes, duration, whole } from './fields.ts'

export const CACHE = z.strictObject({
  memory: bytes(
    {
      help: 'What the answers of the rule may take, a worker; those that nobody asked for the longest go first.',
      default: '64MiB',
    },
    '1MiB',
    '1TiB',
  ),
  'max-size': bytes({ help: 'Longer answers are not kept.', default: '1MiB' }, '1B', '1GiB'),
  entries: whole({ help: 'So many addresses at most, a worker.', default: 100_000 }, 1, 10_000_000),
  'stale-while-revalidate': duration(
    {
      help: 'So long after its time an answer is still given, while its server is asked for a new one. For answers whose Cache-Control does not say it.',
      default: '0s',
    },
    { min: '0s', max: '8760h' },
  ),
  'stale-if-error': duration(
    {
      help: 'So long after its time an answer is still given when its server answers 500, 502, 503 or 504, or not at all. For answers whose Cache-Control does not say it.',
      default: '0s',
    },
    { min: '0s', max: '8760h' },
  ),
})
