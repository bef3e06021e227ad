export type Language = 'en' | 'zh'

/** What people are spoken to in: the first of LC_ALL, LC_MESSAGES and LANG that is set, as POSIX has it. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^zh(?![a-z])/i.test(locale) ? 'zh' : 'en'
}
