import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../core/units.ts'
import { CliError } from './errors.ts'

/** A whole number in these bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`)
  }
}

/** A number in these bounds. */
export function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`)
  }
}

/** A share, written in percent with or without its sign: `70%` is 0.7. */
export function percentage(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
    if (value >= min && value <= max) return value / 100
    throw new InvalidArgumentError(`Expected a percentage from ${min} to ${max}, such as 70%.`)
  }
}

/** A duration above 0, in ms. */
export function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms !== null && ms > 0) return ms
  throw new InvalidArgumentError('Expected a duration such as 90s, 30m or 1h30m.')
}

/** Of an option that may be given several times. */
export function collected(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

/** An option with a default, which its help shows as one would write it. */
export function optional<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  usual: string,
): Option {
  return new Option(flags, description).argParser(parse).default(parse(usual), usual)
}

/** Throws CliError for options that were written and do nothing without another one: `{ '--stock-out-for': '--stock-out' }`. */
export function refuseIdle(command: Command, needs: Readonly<Record<string, string>>): void {
  const idle = Object.entries(needs).filter(
    ([flag, needed]) => isWritten(command, flag) && !isWritten(command, needed),
  )
  refuse(idle.map(([flag, needed]) => `${flag} does nothing without ${needed}; give both, or neither`))
}

/** Throws CliError for those of the options that were written although they do nothing beside `other`, which was written too. */
export function refuseBeside(command: Command, other: string, flags: readonly string[]): void {
  if (!isWritten(command, other)) return
  const idle = flags.filter((flag) => isWritten(command, flag))
  refuse(idle.map((flag) => `${flag} does nothing with ${other}; leave one of them out`))
}

function isWritten(command: Command, flag: string): boolean {
  const option = command.options.find(({ long }) => long === flag)
  return option !== undefined && command.getOptionValueSource(option.attributeName()) === 'cli'
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new CliError(problems.join('\n'), 2)
}
