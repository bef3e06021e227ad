import { choice, duration, text } from './fields.ts'

/** Of whatever spreads requests over pools. */
export const STICKY = {
  sticky: choice(['none', 'cookie', 'source'], {
    help: 'What keeps a client with its pool, as far as weights allow: a cookie, or its address.',
    default: 'none',
  }),
  cookie: text('the name of a cookie', /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, {
    help: 'The name of that cookie.',
    default: 'tidegate-split',
  }),
  lifetime: duration({ help: 'How long that cookie is kept.', default: '8h' }, { min: '1s', max: '8760h' }),
}
