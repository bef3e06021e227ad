import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { writeNote } from '../app/processes.ts'
import type { Problem, Settings } from '../core/settings.ts'
import { type LoadSettings, locateApi, locateFolder, settingsOf } from './locate.ts'

const PROBLEM: Problem = { file: 'f.yaml', line: 1, column: 2, path: 'admin', message: 'no', level: 'error' }

let folder = ''
const before = process.cwd()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-locate-'))
  process.chdir(folder)
})
afterEach(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true })
})

function locate(options: { api?: string; config?: string }, load: LoadSettings) {
  const notes: string[] = []
  return locateApi(options, { load, note: (text) => notes.push(text) }).then((place) => ({ ...place, notes }))
}

const bad: LoadSettings = async () => ({
  ok: false,
  problems: [PROBLEM],
  stateDir: join(folder, '.tidegate'),
})
const bound =
  (host: string, port: number): LoadSettings =>
  async () => ({
    ok: true,
    settings: { stateDir: folder, admin: { bind: { host, port } } } as Settings,
    warnings: [],
  })

test('asks the address that it is told', async () => {
  expect((await locate({ api: 'http://127.0.0.1:99/' }, bad)).url).toBe('http://127.0.0.1:99')
})

test('asks 127.0.0.1:9900 when there is no configuration', async () => {
  expect((await locate({}, bad)).url).toBe('http://127.0.0.1:9900')
})

test('asks what runs with the configuration, and never another that answers at its address', async () => {
  await expect(locate({ config: 'f.yaml' }, bound('127.0.0.1', 9901))).rejects.toThrow(
    'no Tidegate runs with f.yaml',
  )
  writeNote(join(folder, 'controller.json'), { api: { host: '::1', port: 9902 } })
  expect((await locate({ config: 'f.yaml' }, bound('::1', 9901))).url).toBe('http://[::1]:9902')
})

test('a configuration with errors is refused with its problems, lest another Tidegate be asked by mistake', async () => {
  writeFileSync('tidegate.yaml', '')
  for (const options of [{ config: 'f.yaml' }, {}]) {
    await expect(locate(options, bad)).rejects.toMatchObject({
      message: expect.stringContaining('f.yaml:1:2: admin: no'),
      exitCode: 2,
    })
  }
})

test('one with errors does not keep its owner from looking at what runs beside it', async () => {
  writeFileSync('tidegate.yaml', '')
  writeNote(join(folder, '.tidegate', 'controller.json'), {
    api: { host: '127.0.0.1', port: 19900 },
    file: join(process.cwd(), 'tidegate.yaml'),
  })
  // Another file is another Tidegate's, even if it lies beside it.
  await expect(locate({ config: 'f.yaml' }, bad)).rejects.toMatchObject({ exitCode: 2 })
  const { url, notes } = await locate({}, bad)
  expect(url).toBe('http://127.0.0.1:19900')
  expect(notes).toEqual([expect.stringContaining('./tidegate.yaml has errors')])
  expect(untranslated(notes)).toEqual([])
})

test('nor does one whose state lies elsewhere', async () => {
  const elsewhere: LoadSettings = async () => ({ ok: false, problems: [PROBLEM], stateDir: folder })
  writeNote(join(folder, 'controller.json'), {
    api: { host: '127.0.0.1', port: 19901 },
    file: join(process.cwd(), 'f.yaml'),
  })
  expect((await locate({ config: 'f.yaml' }, elsewhere)).url).toBe('http://127.0.0.1:19901')
})

test('a file that is not there is told to be just that', async () => {
  const nowhere = 'there is no f.yaml; name the configuration by --config, or write one by `tidegate init`'
  await expect(locateFolder({ config: 'f.yaml' }, { load: bad, note: () => {} })).rejects.toThrow(nowhere)
  await expect(settingsOf({ config: 'f.yaml' }, bad)).rejects.toThrow(nowhere)
  expect(await settingsOf({}, bad)).toBeNull()
  expect(untranslated([nowhere])).toEqual([])
})

test('and its folder is found, running or not, but never that of another file', async () => {
  writeFileSync('f.yaml', '')
  const notes: string[] = []
  const find = () => locateFolder({ config: 'f.yaml' }, { load: bad, note: (text) => notes.push(text) })
  await expect(find()).rejects.toMatchObject({ exitCode: 2 })
  const stateDir = join(folder, '.tidegate')
  const runs = (file: string) =>
    writeNote(join(stateDir, 'controller.json'), {
      api: { host: '127.0.0.1', port: 19902 },
      file: join(process.cwd(), file),
    })
  runs('tidegate.yaml')
  await expect(find()).rejects.toMatchObject({ exitCode: 2 })
  runs('f.yaml')
  expect(await find()).toEqual({ settings: null, stateDir })
  rmSync(join(stateDir, 'controller.json'))
  expect(await find()).toEqual({ settings: null, stateDir })
  expect(notes).toEqual(Array(2).fill('f.yaml has errors; `tidegate validate f.yaml` lists them'))
})
