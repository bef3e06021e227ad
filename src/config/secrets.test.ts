import { describe, expect, test } from 'vitest'
import { MINIMAL, problemsOf, settingsOf } from './fixture.cases.ts'
import type { Surroundings } from './load.ts'
import { fill } from './secrets.ts'

describe('secrets', () => {
  const secrets: Partial<Surroundings> = {
    env: { TOKEN: 'hunter2hunter2', COUNT: '7' },
    readSecret: (path) => (path === '/srv/app/key.txt' ? 'filed-away\n' : problem(path)),
  }
  const problem = (path: string): never => {
    throw new Error(path)
  }

  test('stand for their values, in part of a text and as numbers', () => {
    const text = MINIMAL.replace('run', `"\${env:TOKEN}:\${file:key.txt}"`).replace(
      'max: 3',
      `max: "\${env:COUNT}"`,
    )
    const [fleet] = settingsOf(text, secrets).fleets
    const sources = { env: secrets.env!, readFile: () => 'filed-away' }
    expect(fill(fleet!.config, sources)).toEqual({ command: 'hunter2hunter2:filed-away' })
    expect(fleet!.max).toBe(7)
  })

  test('are no part of what is stored of a fleet, but another one makes another revision', () => {
    const text = MINIMAL.replace('run', `"run --key=\${env:TOKEN}"`)
    const [fleet] = settingsOf(text, secrets).fleets
    expect(JSON.stringify(fleet)).not.toContain('hunter2')
    expect(fleet!.template).toEqual({ command: `run --key=\${env:TOKEN}` })
    const [other] = settingsOf(text, { ...secrets, env: { TOKEN: 'changed-since-then' } }).fleets
    expect({ ...other, revision: '' }).toEqual({ ...fleet, revision: '' })
    expect(other!.revision).not.toBe(fleet!.revision)
  })

  test('that are gone when they are needed say so', () => {
    const sources = { env: {}, readFile: () => '' }
    expect(() => fill({ env: { A: `\${env:TOKEN}` } }, sources)).toThrow(
      'the environment variable TOKEN is not set',
    )
  })

  test('never appear in a problem', () => {
    const everywhere = MINIMAL.replace(
      'max: 3',
      `min: "\${env:COUNT}", max: "\${env:TOKEN}", driver: "\${env:TOKEN}"`,
    )
      .replace('driver: fake, ', '')
      .replace('pool: api', `pool: "\${env:TOKEN}", protocol: "\${file:key.txt}"`)
      .replace('fleet: api', `fleet: [ "x\${env:TOKEN}" ], algorithm: "\${env:TOKEN}"`)
    const messages = problemsOf(everywhere, secrets).map(({ message }) => message)
    expect(messages.join('\n')).not.toMatch(/hunter2|filed-away/)
    expect(messages).toContainEqual(expect.stringContaining(`no pool is named \${env:TOKEN}`))
    expect(messages.length).toBeGreaterThanOrEqual(6)
  })
})
