const MOST_SHOWN = 5

/** Names the first of them. */
export function someOf(ids: readonly string[]): string {
  const more = ids.length > MOST_SHOWN ? ` and ${ids.length - MOST_SHOWN} more` : ''
  return `${ids.slice(0, MOST_SHOWN).join(', ')}${more}`
}

/** Of servers that nobody will give back. */
export function straysText(ids: readonly string[]): string {
  return `${someOf(ids)}: of this installation, but of no fleet of the file; they are paid for until you delete them`
}
