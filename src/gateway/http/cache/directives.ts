/** Does a Cache-Control value (in lower case) have this directive? */
export function hasDirective(value: string | undefined, name: string): boolean {
  return value !== undefined && directivesOf(value).some((directive) => nameOf(directive) === name)
}

export function withoutDirectives(value: string, names: readonly string[]): string {
  return directivesOf(value)
    .filter((directive) => !names.includes(nameOf(directive)))
    .join(', ')
}

/** At commas that no quotes hold. */
function directivesOf(value: string): string[] {
  return (value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []).map((part) => part.trim())
}

function nameOf(directive: string): string {
  return directive.split('=', 1)[0]!.trim()
}
