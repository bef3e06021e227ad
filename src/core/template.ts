/** What a template may name: the client's address, what it asked for, and how. `query` has its `?`, or is empty. */
export const VARIABLES = ['client', 'host', 'path', 'query', 'scheme'] as const
export type Variable = (typeof VARIABLES)[number]

/** Text with `${variables}` in it: fixed parts, and variables between them. */
export type Template = readonly (string | { readonly variable: Variable })[]

const PART = /\$\{([^}]*)\}/

/** The template of a text, or the name in it that is no variable's. */
export function parseTemplate(text: string): Template | { readonly unknown: string } {
  const template: (string | { variable: Variable })[] = []
  // Every other piece is a name.
  for (const [at, piece] of text.split(PART).entries()) {
    if (at % 2 === 0) {
      if (piece !== '') template.push(piece)
      continue
    }
    const variable = VARIABLES.find((name) => name === piece)
    if (variable === undefined) return { unknown: piece }
    template.push({ variable })
  }
  return template
}

/** The text, each variable's value in its place. The template must be one. */
export function fillerOf(text: string): (read: (variable: Variable) => string) => string {
  const template = parseTemplate(text)
  if ('unknown' in template) throw new Error(`no variable is named ${template.unknown}`)
  if (template.every((part) => typeof part === 'string')) return () => text
  return (read) => template.map((part) => (typeof part === 'string' ? part : read(part.variable))).join('')
}
