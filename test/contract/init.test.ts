import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tidegate } from '../kit/command.ts'
import { noTerminal, Terminal, tidegateWords } from '../kit/terminal.ts'

const PROGRAM = resolve(import.meta.dirname, '../../bin/tidegate.js')
const CHECK = `{ "Check": "HTTP", "URL": "/health", "Interval": 30, "Timeout": 5,
  "UnhealthyThreshold": 3, "HealthyThreshold": 2, "HTTPVersion": "1.1" }`

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-init-'))
  file = join(folder, 'tidegate.yaml')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what it writes is valid, and a file that is there stays', async () => {
  const made = await tidegate('init', file, '--command', 'node server.js', '--health-path', '/health')
  expect(made).toEqual({ code: 0, out: `${file} is written; \`tidegate up ${file}\` runs it\n`, err: '' })
  expect(await tidegate('validate', file)).toMatchObject({ code: 0, err: '' })

  const text = readFileSync(file, 'utf8')
  const again = await tidegate('init', '--config', file, '--servers', '10.0.0.7:80')
  expect(again).toMatchObject({ code: 2, out: '' })
  expect(again.err).toContain(`${file} is there already; --force overwrites it`)
  expect(readFileSync(file, 'utf8')).toBe(text)

  const forced = await tidegate('init', file, '--servers', '10.0.0.7:80', '--force', '--json')
  expect(JSON.parse(forced.out)).toEqual({ file })
  expect(readFileSync(file, 'utf8')).toContain('address: "10.0.0.7:80"')
})

test('where nobody can be asked it says which options answer', async () => {
  const { code, err } = await tidegate('init', file)
  expect(code).toBe(2)
  expect(err).toContain('--command COMMAND, --servers ADDRESSES, or --yes')
  expect(readdirSync(folder)).toEqual([])
})

test('a health check of a file, and all that is wrong with one', async () => {
  const check = join(folder, 'check.json')
  writeFileSync(check, CHECK)
  expect(await tidegate('init', file, '--yes', '--from-health-check', check)).toMatchObject({ code: 0 })
  expect(readFileSync(file, 'utf8')).toContain(
    'health: { type: http, path: "/health", interval: 30s, timeout: 5s, unhealthy: 3, healthy: 2 }',
  )
  rmSync(file)
  writeFileSync(check, CHECK.replace('"1.1"', '"2"').replace('30', '"30s"'))
  const { code, err } = await tidegate('init', file, '--yes', '--from-health-check', check)
  expect({ code, lines: err.trim().split('\n') }).toEqual({
    code: 2,
    lines: [
      `${check}: Interval: expected 0.1 to 3600 seconds, got "30s"`,
      `${check}: HTTPVersion: expected "1.1", the only version that checks speak, got "2"`,
    ],
  })
  expect(readdirSync(folder)).toEqual(['check.json'])
})

test('a health check of the standard input', async () => {
  const args = [PROGRAM, 'init', file, '--servers', '10.0.0.7:80', '--from-health-check', '-']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(CHECK)
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await tidegate('validate', file)).toMatchObject({ code: 0, err: '' })
})

test('what only the whole file shows to be wrong leaves nothing behind', async () => {
  const { code, err } = await tidegate('init', file, '--servers', '10.0.0.7:99999')
  expect(code).toBe(2)
  expect(err).toContain('pools.app.servers.0.address: expected host:port, got "10.0.0.7:99999"')
  expect(readdirSync(folder)).toEqual([])
})

test.skipIf(noTerminal)('asks on a terminal, and again when an answer makes no sense', async () => {
  await using terminal = new Terminal(tidegateWords('init'), { cwd: folder })
  await terminal.shows('[c]: ')
  const answers = ['', 'node server.js', 'x', '8081', '', '', '/ready']
  for (const [index, line] of answers.entries()) {
    const from = terminal.output.length
    terminal.type(`${line}\r`)
    if (index < answers.length - 1) await terminal.shows(/\]: /, from)
  }
  expect(await terminal.code()).toBe(0)
  expect(terminal.output).toContain('expected a whole number from 1 to 65535, got "x"')
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('command: ["node","server.js"]')
  expect(text).toContain('bind: ":8081"')
  expect(text).toContain('path: "/ready"')
})

test.skipIf(noTerminal).each([
  ['Ctrl-C', '\u0003', 130],
  ['Ctrl-D', '\u0004', 1],
])('%s at a question leaves nothing behind', async (_name, key, code) => {
  await using terminal = new Terminal(tidegateWords('init'), { cwd: folder })
  await terminal.shows('[c]: ')
  terminal.type('\r')
  await terminal.shows('[example]: ')
  terminal.type(`half an answer${key === '\u0004' ? '\u0015' : ''}${key}`)
  expect(await terminal.code()).toBe(code)
  expect(readdirSync(folder)).toEqual([])
})
