import { Help, type HelpConfiguration } from 'commander'
import type { Say } from '../words/translate.ts'
import { widthOf } from './table.ts'

/** Commander's help in the reader's language. */
export function helpIn(say: Say): HelpConfiguration {
  const plain = new Help()
  return {
    showGlobalOptions: true,
    displayWidth: widthOf,
    // A colon of Chinese is as wide as one with a space behind it.
    formatHelp: (command, helper) => plain.formatHelp(command, helper).replace('： ', '：'),
    styleTitle: (title) => say(title),
    commandDescription: (command) => say(plain.commandDescription(command)),
    subcommandDescription: (command) => say(plain.subcommandDescription(command)),
    argumentDescription: (argument) => say(plain.argumentDescription(argument)),
    optionDescription: (option) => say(plain.optionDescription(option)),
  }
}
