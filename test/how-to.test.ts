import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkSettings } from '../src/config/load.ts'
import { parseEcs } from '../src/drivers/alicloud/ecs/config.ts'
import { ecsPermissions } from '../src/drivers/alicloud/ecs/permissions.ts'

const read = (name: string) => readFileSync(resolve(import.meta.dirname, '../docs/how-to', name), 'utf8')
const [english, chinese] = [read('alicloud.md'), read('alicloud.zh-CN.md')]

const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) =>
    block!.replace(/ *#[^!\n].*$/gm, ''),
  )
const spans = (text: string) => [...new Set(text.replace(/```[\s\S]*?```/g, '').match(/`[^`\n]+`/g))].sort()

test('the how-to is the same in both languages: sections, files, tables, commands and keys', () => {
  expect(chinese.match(/^#+ /gm)).toEqual(english.match(/^#+ /gm))
  expect(chinese.match(/^\|/gm)?.length).toBe(english.match(/^\|/gm)?.length)
  for (const language of ['yaml', 'ini']) expect(blocks(chinese, language)).toEqual(blocks(english, language))
  expect(spans(chinese)).toEqual(spans(english))
  expect(english).toContain('](alicloud.zh-CN.md)')
  expect(chinese).toContain('](alicloud.md)')
})

/** What the how-to says beside it: the same for ALB. */
const forAlb = (file: string) =>
  file.replace('alicloud-clb', 'alicloud-alb').replace(' lb-1', ' alb-1').replace('rsp-1', 'sgp-1')

test.each([
  ['a first file', blocks(english, 'yaml')[0]!],
  ['that of a load balancer of CLB', blocks(english, 'yaml')[1]!],
  ['that of one of ALB', forAlb(blocks(english, 'yaml')[1]!)],
  ['that of the sandbox', blocks(english, 'yaml')[2]!],
])('%s is right as it stands', (_, text) => {
  const about = { env: {}, now: Date.UTC(2026, 10, 27) }
  expect(checkSettings(text, '/etc/tidegate/tidegate.yaml', about)).toMatchObject({ ok: true, warnings: [] })
})

test('it tells what each permission is for', () => {
  const needed = ['image', 'ram-role'].map((key) => [key, 'x'])
  const lists = ['vswitches', 'instance-types', 'security-groups'].map((key) => [key, ['x']])
  const parsed = parseEcs({ ...Object.fromEntries([...needed, ...lists]), region: 'cn-hangzhou', port: 80 })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  for (const { action } of ecsPermissions(parsed.config)) expect(english).toContain(`\`${action}\``)
})
