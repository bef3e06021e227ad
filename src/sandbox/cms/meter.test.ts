import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { Cloud, START } from '../../../test/kit/cloud.ts'
import { readGroups } from './groups.ts'
import { metered } from './meter.ts'

test('what processes use becomes the percent of what their instance has', () => {
  const cloud = new Cloud()
  const launch = {
    ImageId: 'sandbox-image',
    InstanceType: 'ecs.c7.large',
    VSwitchId: 'vsw-sandbox-h',
    SecurityGroupId: 'sg-sandbox',
  }
  const [id] = cloud.ask('ecs', 'RunInstances', launch).InstanceIdSets.InstanceIdSet
  const read = (seconds: number, cpuSeconds: number) =>
    new Map([[id, { at: START + seconds * 1000, cpuSeconds, memoryBytes: 1024 ** 3 }]])
  expect(metered(cloud.world, read(0, 7), new Map()).cms.series.size).toBe(0)
  // 5 s of 2 CPUs in 10 s, and 1 of 4 GiB.
  const { series } = metered(cloud.world, read(10, 12), read(0, 7)).cms
  expect([...series.values()].map(({ metric, spans }) => [metric, spans[0]!.sum])).toEqual([
    ['CPUUtilization', 25],
    ['cpu_total', 25],
    ['memory_usedutilization', 25],
  ])
})

test.skipIf(process.platform !== 'linux')('a group is all that a process started (needs Linux)', async () => {
  // The shell waits, and its child holds 32 MiB.
  const script =
    'const held = Buffer.alloc(32 * 1024 * 1024, 1); setInterval(() => held, 1e6); console.log(1)'
  const child = spawn('/bin/sh', ['-c', `"$0" -e "$1"; true`, process.execPath, script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout!, 'data')
    const use = readGroups().get(child.pid!)!
    expect(use.memoryBytes).toBeGreaterThan(32 * 1024 * 1024)
    expect(use.cpuSeconds).toBeGreaterThan(0)
  } finally {
    process.kill(-child.pid!, 'SIGKILL')
    await once(child, 'exit')
  }
})
