/** Where state lies that a file does not name. */
export const DEFAULT_STATE = './.tidegate'
/** On a line of its own, as it is nearly always written. */
const WRITTEN = /^state:[ \t]+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s#'"][^\n#]*?))[ \t]*(?:#.*)?$/m

/** What a file with errors says of its state directory, as far as can be told: whoever runs by it is to be found all the same.
 *  `value`: what its YAML gave, if it is YAML. */
export function stateIn(value: unknown, text: string): string {
  if (typeof value === 'object' && value !== null && 'state' in value && typeof value.state === 'string')
    return value.state
  const [, double, single, plain] = WRITTEN.exec(text) ?? []
  return double ?? single ?? plain ?? DEFAULT_STATE
}
