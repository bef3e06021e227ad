import { perObject } from '../core/per-object.ts'
import type { View } from '../core/scaling.ts'
import type { Intent, IntentRecord, Receipt, Verdict } from '../core/step.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import type { Measured } from './measured.ts'

/** A launch of unknown outcome is repeated, word for word, no longer than this. */
const REPEAT_FOR_MS = 600_000
const REPEAT_EVERY_MS = 5_000
/** A step other than a launch is overdue after this; a launch after the fleet's start-up time. */
const OVERDUE_MS = 10_000

type State = Verdict['state']
type Judged = readonly [State, string]

/** States in which an intent stays open. */
export function isOpen(verdict: Verdict): boolean {
  return ['in-flight', 'pending', 'overdue', 'repeat'].includes(verdict.state)
}

/** Those to be done once more: the same request under the same token. */
export function repeats(view: Pick<View, 'verdicts'>): readonly Intent[] {
  return view.verdicts.filter(({ state }) => state === 'repeat').map(({ intent }) => intent)
}

const openIn = perObject((intents: readonly IntentRecord[]) =>
  intents.filter(({ closed }) => closed === null),
)

/** What the observed world says of every open intent. Pure. */
export function verdicts(measured: Measured): readonly Verdict[] {
  return openIn(measured.intents).map((intent) => {
    const [state, detail] = judge(intent, measured)
    return { intent, state, detail }
  })
}

function judge(intent: Intent, measured: Measured): Judged {
  const since = measured.flying.get(intent.token)
  if (since !== undefined) return flying(intent, measured.now - since, measured)
  if (measured.blind.length > 0) return ['pending', 'the world cannot be seen']
  const receipt = measured.receipts.get(intent.token)
  return intent.step.kind === 'launch'
    ? judgeLaunch(intent, intent.step.request.count, receipt, measured)
    : judgeOther(intent, receipt, measured)
}

function flying({ step }: Intent, forMs: Millis, { fleet }: Measured): Judged {
  const limit = step.kind === 'launch' ? fleet.startupMs : OVERDUE_MS
  const detail = `no answer for ${formatDuration(forMs)}`
  return [forMs > limit ? 'overdue' : 'in-flight', detail]
}

function judgeLaunch(
  intent: Intent,
  count: number,
  receipt: Receipt | undefined,
  measured: Measured,
): Judged {
  const listed = measured.listed.filter((server) => server.token === intent.token)
  if (receipt?.ok)
    return judgeLaunched(
      receipt,
      count,
      listed.map((server) => server.id),
      measured,
    )
  if (listed.length >= count) return ['landed', `${count} listed`]
  if (receipt && !receipt.unknown) return ['failed', receipt.message]
  const age = measured.now - intent.at
  // Whoever stops everything must not launch once more only to learn what became of the first time.
  const stopping = measured.orders.some((order) => order.kind === 'stop')
  const givenUp = age > REPEAT_FOR_MS || (stopping && age > measured.settleMs)
  if (givenUp) return ['lapsed', `its outcome is unknown; ${listed.length} of ${count} are listed`]
  const waiting = receipt !== undefined && measured.now - receipt.at < REPEAT_EVERY_MS
  return [waiting ? 'pending' : 'repeat', receipt ? receipt.message : 'no answer was recorded']
}

function judgeLaunched(
  receipt: Receipt & { ok: true },
  count: number,
  listed: readonly string[],
  measured: Measured,
): Judged {
  const ids = receipt.launched?.ids ?? []
  const why = receipt.launched?.why
  if (ids.length === 0) return ['failed', why ?? 'it gave no server']
  const there = ids.filter((id) => listed.includes(id)).length
  const ageMs = measured.now - Math.max(receipt.at, measured.sinceAt)
  if (there < ids.length && ageMs < measured.settleMs) {
    return ['pending', `${there} of ${ids.length} are listed`]
  }
  return ['landed', why === undefined ? `${there} of ${count} listed` : `${there} of ${count} listed: ${why}`]
}

/** These are idempotent: one that has not landed is given up, and `plan` finds anew what is missing. */
function judgeOther(intent: Intent, receipt: Receipt | undefined, measured: Measured): Judged {
  const refused = receipt?.ok === false && !receipt.unknown
  if (!refused && hasLanded(intent, receipt, measured)) return ['landed', '']
  // Also where nobody knows: it is tried again, but not at once.
  if (receipt?.ok === false) return ['failed', receipt.message]
  if (receipt && measured.now - receipt.at < measured.settleMs) return ['pending', 'not to be seen yet']
  return ['lapsed', 'it is not to be seen']
}

function hasLanded({ step }: Intent, receipt: Receipt | undefined, measured: Measured): boolean {
  switch (step.kind) {
    case 'launch':
      return false
    case 'confirm':
      return receipt?.ok === true
    case 'put':
      return step.members.every((wanted) =>
        measured.members[step.pool]?.some((one) => one.id === wanted.id && one.weight === wanted.weight),
      )
    case 'drop':
      return step.ids.every((id) => !measured.members[step.pool]?.some((member) => member.id === id))
    case 'retire':
    case 'park':
      return step.ids.every((id) => {
        const server = measured.listed.find((one) => one.id === id)
        return server === undefined || server.phase === 'retiring'
      })
    default:
      return step satisfies never
  }
}
