/** What only a shell understands, outside of quotes. */
const SHELL = /[$`|&;<>()*?~#!{}[\]\n]/
const WORD = /\s*((?:'[^']*'|"(?:[^"\\$`]|\\["\\$`])*"|\\.|[^\s'"\\])+)/sy

/** A command as a list of words, as a shell would split it; what needs a shell is given to one. Null when it is empty or a quote is
 *  left open. */
export function commandWords(line: string): readonly string[] | null {
  const text = line.trim()
  if (text === '') return null
  if (SHELL.test(text.replace(/'[^']*'|\\./gs, ''))) return ['sh', '-c', text]
  const words: string[] = []
  WORD.lastIndex = 0
  while (WORD.lastIndex < text.length) {
    const found = WORD.exec(text)
    if (!found?.[1]) return null
    words.push(unquoted(found[1]))
  }
  return words
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_all, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  )
}
