import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** npm run build: the package's JavaScript in dist/, with the examples beside it. A package's sources cannot run as they are: Node
 *  strips no types below node_modules. */
const ROOT = resolve(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

rmSync(DIST, { recursive: true, force: true })
execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
})
for (const file of globSync('examples/**/*', { cwd: ROOT, withFileTypes: true })) {
  if (!file.isFile() || file.name.endsWith('.ts')) continue
  const from = join(file.parentPath, file.name)
  copyExample(from, join(DIST, from.slice(ROOT.length + 1)))
}

/** Examples name their own scripts, which are JavaScript there, and lie one folder deeper. */
function copyExample(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  const text = readFileSync(from, 'utf8')
  const moved = text.replace(/\b([\w-]+)\.ts\b/g, '$1.js').replace('$schema=', '$schema=../')
  writeFileSync(to, moved, { mode: modeOf(text) })
}

/** Scripts stay executable. */
function modeOf(text: string): number {
  return text.startsWith('#!') ? 0o755 : 0o644
}
