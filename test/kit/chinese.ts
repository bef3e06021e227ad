import { sayIn } from '../../src/words/say.ts'

export const chinese = sayIn({ LANG: 'zh_CN.UTF-8' })

/** Written by others, or to be typed as it stands: between backticks, quotes or braces, after "got", by the system or the parser of YAML. */
const QUOTED = /`[^`]*`|"[^"]*"|\{[^}]*\}|\[[^\]]*\]|实际为 .*|不是有效的 YAML：.*|E[A-Z]{3,}: [^）]*/gu
const ENGLISH = /[a-z]{2,}(?: [a-z]{2,})+/

/** Those of the sentences in which English is left after translation, with what is left. */
export function untranslated(sentences: Iterable<string>): string[] {
  return [...new Set(sentences)].flatMap((sentence) => {
    const said = chinese(sentence)
    return ENGLISH.test(said.replace(QUOTED, ' ')) ? [`${sentence}  ->  ${said}`] : []
  })
}
