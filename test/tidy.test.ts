import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** The house rules as ordinary tests: each message says what to do instead. */
const ROOT = resolve(import.meta.dirname, '..')
const MAX_FILE_LINES = 400
const MAX_FUNCTION_LINES = 60
const MAX_PARAMETERS = 4

/** Which folders of src a folder may import, and whether it may use node: modules and packages. */
const WALLS: Record<string, { folders: string[]; node: boolean; packages: string[] }> = {
  core: { folders: [], node: false, packages: [] },
  scaling: { folders: ['core'], node: false, packages: [] },
  balancing: { folders: ['core'], node: false, packages: [] },
  words: { folders: ['core'], node: false, packages: [] },
  controller: { folders: ['core', 'scaling', 'balancing'], node: false, packages: [] },
  simulator: { folders: ['core', 'scaling', 'balancing', 'controller'], node: false, packages: [] },
  probing: { folders: ['core'], node: true, packages: ['re2js'] },
  gateway: {
    folders: ['core', 'balancing', 'probing'],
    node: true,
    packages: ['http-cache-semantics', 're2js'],
  },
  drivers: { folders: ['core'], node: true, packages: ['croner'] },
  sandbox: { folders: ['core', 'gateway'], node: true, packages: [] },
  config: { folders: ['core', 'scaling', 'drivers'], node: true, packages: ['re2js', 'yaml', 'zod'] },
  api: { folders: ['core', 'config'], node: true, packages: ['fastify'] },
  cli: { folders: ['core', 'config', 'simulator', 'app', 'words'], node: true, packages: ['commander'] },
  app: { folders: ['*'], node: true, packages: [] },
}
/** Where real time and chance may be taken. Everywhere else they are handed in. */
const TIMED = [
  'src/app/',
  'src/gateway/',
  'src/probing/',
  'console/',
  'scripts/',
  'test/',
  'bench/',
  'examples/',
]
const BANNED =
  /\b(Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|setImmediate|AbortSignal\.timeout|Math\.random|crypto\.random\w+|randomUUID|randomBytes|process\.hrtime)\b/

const files = [
  ...(readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]).map((name) => `src/${name}`),
  ...['test', 'bench', 'examples', 'scripts'].flatMap((folder) =>
    (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map((name) => `${folder}/${name}`),
  ),
].filter((name) => /\.ts$/.test(name))
const sources = files.filter(
  (name) => name.startsWith('src/') && !name.endsWith('.test.ts') && !name.endsWith('.cases.ts'),
)
const textOf = new Map(files.map((name) => [name, readFileSync(join(ROOT, name), 'utf8')]))

/** Every module that a file imports, in any form. */
function importsOf(file: string): string[] {
  const text = stripComments(textOf.get(file) ?? '')
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  )
  return [...statements].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function stripComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
}

function targetOf(file: string, specifier: string): string {
  return relative(ROOT, resolve(ROOT, dirname(file), specifier))
}

test('folders import only what the wall allows', () => {
  const wrong = sources.flatMap((file) =>
    importsOf(file).flatMap((specifier) => wallProblem(file, specifier)),
  )
  expect(
    wrong,
    'Move the code to the side of the wall where it belongs, or hand the thing in through a port',
  ).toEqual([])
})

function wallProblem(file: string, specifier: string): string[] {
  const folder = file.split('/')[1] ?? ''
  const wall = WALLS[folder]
  if (!wall) return [`${file}: no wall is written down for src/${folder}; add it to WALLS`]
  if (specifier.startsWith('node:')) return wall.node ? [] : [`${file} imports ${specifier}`]
  if (!specifier.startsWith('.'))
    return wall.packages.includes(specifier) ? [] : [`${file} imports the package ${specifier}`]
  const target = targetOf(file, specifier).split('/')
  if (target[0] !== 'src') return [`${file} imports ${specifier} from outside src`]
  if (target[1] === folder) return driverProblem(file, target)
  if (folder === 'config' && target[1] === 'drivers')
    return target[2] === 'index.ts'
      ? []
      : [`${file} imports a driver; only drivers/index.ts is open to config`]
  const extra = /^src\/drivers\/(probe|forecast)\//.exec(file)?.[1]
  const mayAlso = extra === 'probe' ? 'probing' : extra === 'forecast' ? 'scaling' : null
  const allowed =
    wall.folders.includes('*') || wall.folders.includes(target[1] ?? '') || target[1] === mayAlso
  return allowed ? [] : [`${file} imports ${specifier}`]
}

function driverProblem(file: string, target: string[]): string[] {
  const [, folder, vendor] = file.split('/')
  if (folder !== 'drivers' || vendor === 'index.ts' || vendor === target[2]) return []
  return [`${file} imports another vendor's folder ${target[2]}`]
}

test('no import cycle', () => {
  const graph = new Map(
    sources.map((file) => [
      file,
      importsOf(file)
        .filter((s) => s.startsWith('.'))
        .map((s) => targetOf(file, s)),
    ]),
  )
  const done = new Set<string>()
  const path: string[] = []
  const cycles: string[] = []
  const visit = (file: string): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    path.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    path.pop()
    done.add(file)
  }
  for (const file of sources) visit(file)
  expect(cycles, 'Move what both need into a third file').toEqual([])
})

test('no barrels but src/index.ts', () => {
  const barrels = sources.filter(
    (file) => file !== 'src/index.ts' && /^export (\*|\{[^}]*\} from)/m.test(textOf.get(file) ?? ''),
  )
  expect(barrels, 'Import from the file that defines the thing').toEqual([])
})

test('files and functions stay small', () => {
  const long = files.filter((file) => (textOf.get(file) ?? '').split('\n').length > MAX_FILE_LINES + 1)
  expect(long, `Split: a file has at most ${MAX_FILE_LINES} lines`).toEqual([])
  const big = sources.flatMap((file) =>
    functionsOf(file)
      .filter((f) => f.lines > MAX_FUNCTION_LINES)
      .map((f) => `${file}:${f.line} ${f.lines} lines`),
  )
  expect(big, `Split: a function has at most ${MAX_FUNCTION_LINES} lines`).toEqual([])
  const wide = sources.flatMap((file) =>
    functionsOf(file)
      .filter((f) => f.parameters > MAX_PARAMETERS)
      .map((f) => `${file}:${f.line} ${f.parameters} parameters`),
  )
  expect(wide, `Group: a function has at most ${MAX_PARAMETERS} parameters; pass an object`).toEqual([])
})

/** Functions and methods whose header and closing brace the formatter puts at equal indentation. */
function functionsOf(file: string): { line: number; lines: number; parameters: number }[] {
  const lines = stripComments(textOf.get(file) ?? '').split('\n')
  const header =
    /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*?\s*\w*|(?:static |override |private |readonly |get |set |async |\*)*#?\w+)\s*(?:<[^>]*>)?\(/
  return lines.flatMap((text, index) => {
    const match = header.exec(text)
    if (!match || /^\s*(?:if|for|while|switch|catch|return|await|super|expect|throw)\b/.test(text)) return []
    const end = lines.findIndex(
      (other, at) => at > index && other.startsWith(`${match[1]}}`) && !other.startsWith(`${match[1]}} `),
    )
    const head = headerText(lines, index)
    if (end < 0 || !/\)\s*(?::[^=]*)?\{\s*$/.test(head)) return []
    return [{ line: index + 1, lines: end - index + 1, parameters: parametersIn(head) }]
  })
}

function headerText(lines: string[], index: number): string {
  let text = ''
  for (let at = index; at < Math.min(index + 12, lines.length); at++) {
    text += ` ${lines[at]}`
    if (balanced(text)) return /\{\s*$/.test(text) ? text : ''
  }
  return ''
}

function balanced(text: string): boolean {
  return text.split('(').length === text.split(')').length
}

function parametersIn(head: string): number {
  const inside = head.slice(head.indexOf('(') + 1)
  let depth = 0
  let count = 0
  let seen = false
  for (const char of inside) {
    if (char === ')' && depth === 0) break
    if ('([{<'.includes(char)) depth++
    if (')]}>'.includes(char)) depth--
    if (/\S/.test(char)) seen = true
    if (char === ',' && depth === 0) {
      count++
      seen = false
    }
  }
  return count + (seen ? 1 : 0)
}

test('time and chance are handed in', () => {
  const wrong = sources
    .filter((file) => !TIMED.some((prefix) => file.startsWith(prefix)))
    .flatMap((file) => {
      const lines = stripComments(textOf.get(file) ?? '').split('\n')
      return lines.flatMap((text, index) =>
        BANNED.test(text) ? [`${file}:${index + 1} ${BANNED.exec(text)?.[0]}`] : [],
      )
    })
  expect(wrong, 'Take a Clock or an Rng as an argument; only src/app makes the real ones').toEqual([])
})

test('no unfinished marks, and no skipped tests', () => {
  const marks = sources.filter((file) =>
    /\b(TODO|FIXME|XXX|HACK|not implemented)\b/.test(textOf.get(file) ?? ''),
  )
  expect(marks, 'Finish it, or write an issue').toEqual([])
  const skipped = files.filter(
    (file) =>
      file.endsWith('.test.ts') &&
      file !== 'test/tidy.test.ts' &&
      /\b(test|it|describe)\.(skip|only|todo)\(/.test(textOf.get(file) ?? ''),
  )
  expect(skipped, 'Use skipIf with a reason that the run prints').toEqual([])
})
