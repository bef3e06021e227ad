import type { Finding } from '../../core/finding.ts'
import type { FileContext } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Colour } from '../output.ts'
import { table } from '../table.ts'

export interface DoctorOptions {
  readonly openPorts?: true
  readonly yes?: true
}

const COLOURS: Readonly<Record<Finding['level'], Colour>> = { ok: 'green', warning: 'yellow', problem: 'red' }

/** `tidegate doctor alicloud`: whether the cloud would let this file work, and what to do where it would not. Exit code 1 = it would not. */
export async function doctor(context: FileContext, options: DoctorOptions): Promise<number> {
  if (options.openPorts) await openPorts(context, options.yes ?? false)
  const { out, json } = context
  await using examination = await examined(context)
  const { findings, repairs } = examination
  const plan = repairs.map(({ says }) => says)
  if (json) out.json({ findings, plan })
  else {
    const rows = findings.map((one) => [
      out.paint(COLOURS[one.level], one.level),
      out.say(one.about),
      told(one, context),
    ])
    for (const line of table(['RESULT', 'CHECK', 'FOUND'], rows, out.say)) out.quote(line)
    if (plan.length > 0) out.line('`tidegate doctor alicloud --open-ports` would do this, after a question:')
    for (const step of plan) out.line(`+ ${step}`)
  }
  return findings.some(({ level }) => level === 'problem') ? 1 : 0
}

function told({ says, fix }: Finding, { out }: FileContext): string {
  return fix === undefined ? out.say(says) : `${out.say(says)} -> ${out.say(fix)}`
}

async function examined({ settings, clock, signal }: FileContext) {
  const { examine } = await import('../../app/doctor.ts')
  const examination = await examine(settings, { clock, signal })
  if (examination !== null) return examination
  throw new CliError(
    `nothing in ${settings.file} is on Alibaba Cloud; expected a fleet of driver: alicloud-ecs`,
  )
}

/** Shows what would be opened, and opens it when somebody has agreed to that. */
async function openPorts(context: FileContext, isAgreed: boolean): Promise<void> {
  const { out, signal } = context
  await using examination = await examined(context)
  const { repairs } = examination
  if (repairs.length === 0) return out.note('there is no port to open')
  for (const { says } of repairs) out.note(`+ ${says}`)
  if (!isAgreed && !(await asks(context)))
    throw new CliError('nothing was opened; --yes opens it without a question')
  for (const { says, run } of repairs) {
    await run(signal)
    out.note(`done: ${says}`)
  }
}

async function asks({ prompt }: FileContext): Promise<boolean> {
  using asked = prompt()
  return /^y(es)?$/i.test((await asked?.ask('Open them? (yes or no) '))?.trim() ?? '')
}
