#!/usr/bin/env node
// Plain JavaScript that an old Node.js can parse, so that it can say what it lacks instead of failing on syntax.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = 26
const OWN_NODE = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))

if (parseInt(process.versions.node, 10) >= NEEDED) run()
else if (existsSync(OWN_NODE) && process.execPath !== OWN_NODE) runWith(OWN_NODE)
else complain()

function run() {
  // A checkout runs its sources, the package has none.
  const sources = new URL('../src/cli/main.ts', import.meta.url)
  const entry = existsSync(sources) ? sources : new URL('../dist/src/cli/main.js', import.meta.url)
  import(entry.href)
    .then((cli) => cli.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code
    })
}

// A checkout brings its own Node.js: `npm ci` installs it as a development dependency.
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), {
    stdio: 'inherit',
  })
  // A terminal sends Ctrl-C to the child as well; from elsewhere it comes only here.
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => terminal || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function complain() {
  console.error(
    'Tidegate needs Node.js ' +
      NEEDED +
      ' or newer and this is ' +
      process.versions.node +
      ': install it from https://nodejs.org, or run `npm ci && npm start` in the checkout, which brings its own.',
  )
  process.exitCode = 1
}
