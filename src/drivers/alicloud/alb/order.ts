import type { DriverKeys } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { choiceForm, YES_NO } from '../../../core/form.ts'
import { listKey, type Raw, readMap, readTexts } from '../read-keys.ts'
import { readTags, type Tags, tagsKey } from '../tags-key.ts'
import { readWord } from './words.ts'

/** By the words of the file. */
const EDITIONS = { basic: 'Basic', standard: 'Standard', waf: 'StandardWithWaf' } as const
const ADDRESSES = { internet: 'Internet', intranet: 'Intranet' } as const
/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createloadbalancer */
const LEAST_ZONES = 2
const MOST_ZONES = 10

/** An ALB instance that Tidegate is to have created; it is paid by use. */
export interface AlbOrder {
  readonly edition: (typeof EDITIONS)[keyof typeof EDITIONS]
  readonly address: (typeof ADDRESSES)[keyof typeof ADDRESSES]
  /** One a zone, all of one network. */
  readonly vswitches: readonly string[]
  readonly isProtected: boolean
  readonly tags: Tags
}

export const ORDER_KEYS: DriverKeys = {
  edition: {
    ...choiceForm(Object.keys(EDITIONS)),
    help: 'What it can do; `waf` is Standard with the firewall for web applications.',
    default: 'standard',
  },
  address: {
    ...choiceForm(Object.keys(ADDRESSES)),
    help: 'Where it listens: in the internet, or in the network of `vswitches` alone.',
    required: true,
  },
  vswitches: {
    ...listKey('vSwitches of one network, each in a zone of its own: two at least.'),
    required: true,
  },
  'deletion-protection': { ...YES_NO, help: 'Nobody can delete it while this is on.', default: false },
  tags: tagsKey('the instance'),
}

/** Reports paths inside the order. */
export function readOrder(value: unknown, report: ReportField): AlbOrder {
  const raw = readMap(value, { key: 'create', known: Object.keys(ORDER_KEYS) }, report)
  const within: ReportField = (path, message) => report(['create', ...path], message)
  const isProtected = raw['deletion-protection'] ?? false
  if (typeof isProtected !== 'boolean') within(['deletion-protection'], 'expected true or false')
  return {
    edition: readWord(raw, { key: 'edition', words: EDITIONS, usual: EDITIONS.standard }, within),
    address: readWord(raw, { key: 'address', words: ADDRESSES, usual: null }, within),
    vswitches: readVSwitches(raw, within),
    isProtected: isProtected === true,
    tags: readTags(raw.tags, within),
  }
}

function readVSwitches({ vswitches }: Raw, report: ReportField): readonly string[] {
  const ids = readTexts(vswitches, { key: 'vswitches', isNeeded: true }, report)
  if (ids.length === 1 || ids.length > MOST_ZONES)
    report(['vswitches'], `expected ${LEAST_ZONES} to ${MOST_ZONES} vSwitches, each in a zone of its own`)
  return ids
}
