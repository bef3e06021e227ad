import type { Argument, Command, Option } from 'commander'

/** A word to offer, and what it means. */
export interface Candidate {
  readonly word: string
  readonly about: string
}

/** Names that only a running Tidegate knows. */
export type Names = 'fleets' | 'servers' | 'canaries' | 'metrics' | 'logs'

/** What may stand where the cursor is. */
export interface Wanted {
  readonly candidates: readonly Candidate[]
  readonly names: Names | null
  readonly files: boolean
  /** The global options so far, by attribute name: they tell whom to ask for names. */
  readonly given: Readonly<Record<string, string>>
}

type Value = Pick<Wanted, 'candidates' | 'names' | 'files'>
const NOTHING: Value = { candidates: [], names: null, files: false }

/** By the name of an argument or of an option's value. */
const BY_NAME: Readonly<Record<string, Value>> = {
  file: { ...NOTHING, files: true },
  fleet: { ...NOTHING, names: 'fleets' },
  server: { ...NOTHING, names: 'servers' },
  canary: { ...NOTHING, names: 'canaries' },
  metric: { ...NOTHING, names: 'metrics' },
  log: { ...NOTHING, names: 'logs' },
}

/** How far a command line has come. */
interface Place {
  readonly command: Command
  /** Arguments of the command so far. */
  readonly count: number
  /** The option whose value comes next. */
  readonly option: Option | null
  /** After `--` nothing is an option. */
  readonly bare: boolean
  readonly given: Readonly<Record<string, string>>
}

/** What may stand in the place of the last word, which is only begun or empty. `words` come after the program's name. Pure. */
export function wantedBy(program: Command, words: readonly string[]): Wanted {
  const start: Place = { command: program, count: 0, option: null, bare: false, given: {} }
  const place = words.slice(0, -1).reduce(past, start)
  const begun = words.at(-1) ?? ''
  const value = valueAt(place, begun)
  const candidates = value.candidates.filter(({ word }) => word.startsWith(begun))
  return { ...value, candidates, given: place.given }
}

function past(place: Place, word: string): Place {
  const { command, option, given } = place
  if (option) return { ...place, option: null, given: { ...given, [option.attributeName()]: word } }
  if (word === '--') return { ...place, bare: true }
  if (word.startsWith('-') && !place.bare) return pastOption(place, word)
  const inner = command.commands.find((one) => one.name() === word)
  return inner && place.count === 0 ? { ...place, command: inner } : { ...place, count: place.count + 1 }
}

function pastOption(place: Place, word: string): Place {
  const [flag, value] = word.split('=', 2)
  const option = optionsOf(place.command).find(({ short, long }) => flag === short || flag === long)
  if (!option?.required) return place
  if (value === undefined) return { ...place, option }
  return { ...place, given: { ...place.given, [option.attributeName()]: value } }
}

/** Its own and those of the commands that it is part of. */
function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp()
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
}

function valueAt({ command, count, option, bare }: Place, begun: string): Value {
  if (option) return valueNamed(option, /<(\w+)>/.exec(option.flags)?.[1])
  if (begun.startsWith('-') && !bare) return optionValue(command, begun)
  const argument = command.registeredArguments[count] ?? command.registeredArguments.at(-1)
  const more = argument && (count < command.registeredArguments.length || argument.variadic)
  const value = more ? valueNamed(argument, argument.name()) : NOTHING
  const commands = count > 0 ? [] : command.createHelp().visibleCommands(command)
  const named = commands.map((one) => ({ word: one.name(), about: one.description() }))
  return { ...value, candidates: [...value.candidates, ...named] }
}

/** An option, or the value in `--option=value`. */
function optionValue(command: Command, begun: string): Value {
  const options = optionsOf(command)
  const [flag, value] = begun.split('=', 2)
  if (value === undefined) {
    const flags = options.flatMap(({ long, description }) =>
      long ? [{ word: long, about: description }] : [],
    )
    return { ...NOTHING, candidates: flags }
  }
  const choices = options.find(({ long }) => long === flag)?.argChoices ?? []
  return { ...NOTHING, candidates: choices.map((word) => ({ word: `${flag}=${word}`, about: '' })) }
}

function valueNamed({ argChoices }: Option | Argument, name = ''): Value {
  if (argChoices) return { ...NOTHING, candidates: argChoices.map((word) => ({ word, about: '' })) }
  return BY_NAME[name] ?? NOTHING
}
