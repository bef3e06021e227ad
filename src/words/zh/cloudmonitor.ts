import type { Catalog } from '../translate.ts'

/** What the metrics of CloudMonitor say, in the terms of its console. */
export const CLOUDMONITOR: Catalog = {
  'its samples may be {time} old when nothing is wrong; it would be stale meanwhile':
    '即使一切正常，其样本也可能已有 {time}；在此期间会被视为过期',
  'a duration from {min} to {max}, such as {example}': '时长，{min} 到 {max}，例如 {example}',
  'a name such as CPUUtilization': '名称，例如 CPUUtilization',
  'expected a name such as Average, Maximum, Minimum, Sum or Value, got {value!}':
    '应为名称，例如 Average、Maximum、Minimum、Sum 或 Value，实际为 {value!}',
  'what it is measured of, such as { loadBalancerId: alb-123 }': '监控对象，例如 { loadBalancerId: alb-123 }',
  'expected $server once, got {value!}': '$server 只能出现一次，实际为 {value!}',
  'a number from {min} to {max}, such as {example}': '数字，{min} 到 {max}，例如 {example}',
  'with {count} servers, {what...}': '按 {count} 台服务器计，{what...}',
  'CloudMonitor: {what...}': '云监控：{what...}',
  '{calls} calls a month would be used up after {time} of it, for there are {budget}: each metric is asked every {paced} instead of every {every}':
    '每月 {calls} 次调用会在 {time} 后用尽，因为只有 {budget} 次：每个指标改为每 {paced} 查询一次，而不是每 {every}',
  // doctor
  metrics: '监控指标',
  'points can be read': '数据点可读取',
  '{name}: {metric} of {namespace} is there': '{name}：{namespace} 有 {metric}',
  '{name}: {namespace} has no metric {metric}': '{name}：{namespace} 没有指标 {metric}',
  '{what...}; look it up among the metrics of the product; capital letters count':
    '{what...}；请查阅该产品的监控项，注意大小写',
  '{name}: {metric} is measured every {periods!} seconds, not every {period}':
    '{name}：{metric} 的统计周期为 {periods!} 秒，不是 {period} 秒',
  '{what...}; write one of these as its period': '{what...}；请将其中之一写作 period',
  '{name}: {metric} has the dimensions {names!}, and no {dimension}':
    '{name}：{metric} 的维度为 {names!}，没有 {dimension}',
  '{what...}; name dimensions that it has': '{what...}；请写它有的维度',
  '{name}: {metric} has {names!}, and no {statistic}': '{name}：{metric} 有 {names!}，没有 {statistic}',
  '{what...}; write one of these as its statistic': '{what...}；请将其中之一写作 statistic',
  // what CloudMonitor does not say
  'CloudMonitor cannot be asked: {code}: {why...}': '无法查询云监控：{code}：{why...}',
  '{what...}; the free calls of the month are used up, and pay-as-you-go is not switched on':
    '{what...}；本月免费调用次数已用尽，且未开通按量计费',
  '{namespace} has no {metric} of it; some metrics need the CloudMonitor agent':
    '{namespace} 没有它的 {metric}；部分指标需要安装云监控插件',
  'its points have {names!} and no {statistic}': '其数据点有 {names!}，没有 {statistic}',
  'there are {count} series, expected one: name more dimensions, or write across: sum':
    '有 {count} 条序列，应为一条：请写出更多维度，或 across: sum',
  'a server has several series, expected one: name more dimensions':
    '一台服务器有多条序列，应为一条：请写出更多维度',
  '{count} of {of} servers are measured, expected half of them':
    '{of} 台服务器中只有 {count} 台有数据，应至少有一半',
  'no serving server is an ECS instance': '正在服务的服务器中没有 ECS 实例',
  'its servers are new, and have not been asked for yet': '其服务器是新的，尚未查询',
  'no query is named {metric}': '没有名为 {metric} 的查询',
  'metrics are read, the last points of each': '读取指标的最新数据点',
}
