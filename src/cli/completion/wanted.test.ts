import { expect, test } from 'vitest'
import { createProgram, type Runners } from '../program.ts'
import { wantedBy } from './wanted.ts'

/** What the real program takes; nothing of it is run. */
const program = createProgram({} as Runners)

function words(line: string) {
  const { candidates, names, files } = wantedBy(program, line.split(' '))
  return names ?? (files ? 'files' : candidates.map(({ word }) => word))
}

test.each([
  ['sta', ['status']],
  ['history im', 'fleets'],
  ['history api ', 'metrics'],
  ['pause ', 'fleets'],
  ['pause api ', []],
  ['pause --direction ', ['in', 'out', 'both']],
  ['pause --direction=o', ['--direction=out']],
  ['pause --dir', ['--direction']],
  ['--config x.yaml dra', ['drain']],
  ['--config ', 'files'],
  ['drain ', 'servers'],
  ['logs a ', 'logs'],
  ['canary ', 'canaries'],
  ['canary web ', ['promote', 'abort', 'hold', 'resume']],
  ['token ann --scope r', ['read']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['status --js', ['--json']],
  ['scale api ', []],
  ['drain -- --', 'servers'],
])('%s', (line, expected) => {
  expect(words(line)).toEqual(expected)
})

test('commands come with what they do, and hidden ones not at all', () => {
  const { candidates } = wantedBy(program, ['comp'])
  expect(candidates.map(({ word }) => word)).toEqual(['completion'])
  expect(candidates[0]?.about).toContain('makes a shell complete')
})

test('a file may stand beside the commands of a command', () => {
  expect(wantedBy(program, ['history', 'import', ''])).toMatchObject({ files: true, names: null })
  expect(wantedBy(program, ['history', 'im'])).toMatchObject({ candidates: [{ word: 'import' }] })
})

test('the options so far say whom to ask', () => {
  const line = ['--api', 'http://127.0.0.1:1', 'pause', '--config=x.yaml', '--direction', 'in', '']
  expect(wantedBy(program, line).given).toMatchObject({ api: 'http://127.0.0.1:1', config: 'x.yaml' })
})
