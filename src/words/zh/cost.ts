import type { Catalog } from '../translate.ts'

/** What fleets cost, and what else there is to tell of money. */
export const COST: Catalog = {
  'the time must begin before it ends': '时间的起点必须早于终点',
  'nothing is known of that time: the history has the last {span}':
    '该时段没有任何记录：历史只保留最近 {span}',
  'OF THIS': '与本机群之比',
  '{fleet}: nothing is known of its cost yet': '{fleet}：尚无费用数据',
  'no price is known: give the fleet a price': '价格未知：请为机群设置 price',
  '{amount} {currency} an hour now, {today} today, {month} this month, {expected...}':
    '当前每小时 {amount} {currency}，今日 {today}，本月 {month}，{expected...}',
  '{amount} {currency} an hour now, {today} today, {month} this month, {expected...}; {count} servers without a known price are not in it':
    '当前每小时 {amount} {currency}，今日 {today}，本月 {month}，{expected...}；其中不含 {count} 台价格未知的服务器',
  '{expected} expected by its end': '预计月底 {expected}',
  '{expected} expected by its end by the cost of {span}': '按最近 {span} 的费用预计月底 {expected}',
  'what it comes to is told when an hour of its cost is known': '至少有一小时的费用数据后才能预计月底',
  'budget: {spent} of {amount} a month are spent': '预算：每月 {amount} 已用 {spent}',
  'budget: {spent} of {amount} a day are spent': '预算：每日 {amount} 已用 {spent}',
  'budget: {spent} of {amount} a month are spent, {expected} expected by its end':
    '预算：每月 {amount} 已用 {spent}，预计月底 {expected}',
  'budget: {spent} of {amount} a day are spent, {expected} expected by its end':
    '预算：每日 {amount} 已用 {spent}，预计当日结束时 {expected}',
  'this change costs {amount} {currency} an hour more': '本次变更每小时多花 {amount} {currency}',
  'this change saves {amount} {currency} an hour': '本次变更每小时节省 {amount} {currency}',
  'it costs {amount} {currency} an hour more': '每小时多花 {amount} {currency}',
  'it saves {amount} {currency} an hour': '每小时节省 {amount} {currency}',
  cost: '费用',
  'in {time}': '过去 {time}',
  'in {time}, of which {known} are known': '过去 {time}，其中 {known} 有数据',
  'this fleet': '本机群',
  'a fixed fleet of {count} for the peak': '按峰值固定 {count} 台',
  'a fixed fleet of {count}, as many as there were most': '固定 {count} 台（历史最多）',
  'the least, with the load known in advance': '理论最低（预知负载）',
  'it had fewer servers than its target asks for': '其服务器数少于目标所需',
  'until {date} {time} it cost {amount} {currency}, which is in none of these sums':
    '截至 {date} {time} 的费用为 {amount} {currency}，不计入以上各项',
  'bursts alone, above a fixed fleet of {count}': '仅突发部分（超过 {count} 台）',
  'reckoned energy: {amount} kWh': '估算能耗：{amount} kWh',
  'reckoned energy: {amount} kWh, {carbon!} CO2e': '估算能耗：{amount} kWh，{carbon!} CO2e',
  // advice
  PAID: '计费方式',
  OF: '用量',
  'by traffic': '按流量',
  'by bandwidth': '按带宽',
  '{mean} Mbit/s on the mean, {peak} at the peak (means of {step})':
    '平均 {mean} Mbit/s，峰值 {peak}（{step} 平均值）',
  'traffic costs less: {share} of the bandwidth is used, and both cost the same at {even}':
    '按流量更省：带宽利用率为 {share}，利用率达 {even} 时两者相同',
  'bandwidth costs less: {share} of the bandwidth is used, and both cost the same at {even}':
    '按带宽更省：带宽利用率为 {share}，利用率达 {even} 时两者相同',
  '{file!} has no column {metric} to tell the latency by, only {columns!}; name another by --latency':
    '{file!} 没有用来判断延迟的列 {metric}，只有 {columns!}；请用 --latency 指定其他列',
  '{name!} is taken for bits a second': '{name!} 按每秒比特数计',
  'the traffic of {span} stands for a month: a day at least would tell its nights, a week its weekends':
    '以 {span} 的流量推算一个月：至少一天才能看出夜间，一周才能看出周末',
  'in CNY, without the instance: list prices of 2019 for CLB and EIP in Hangzhou; ALB is paid as its EIPs are':
    '单位为元，不含实例费：2019 年杭州 CLB 与 EIP 目录价；ALB 的公网流量按其 EIP 计费',
  '{file!} tells no price of {fleet}; give it price.per-hour, or write --price':
    '{file!} 未给出 {fleet} 的价格；请设置 price.per-hour，或使用 --price',
  '{file!} has no fleet {fleet}': '{file!} 中没有机群 {fleet}',
  // the guard
  'the budget is used up: {spent} of the {amount} a month': '预算已用尽：每月 {amount} 已用 {spent}',
  'the budget is used up: {spent} of the {amount} a day': '预算已用尽：每日 {amount} 已用 {spent}',
  'the budget will not do: {spent} of the {amount} a month are spent, {expected} are to be expected by its end':
    '预算将不足：每月 {amount} 已用 {spent}，预计月底 {expected}',
  'the budget will not do: {spent} of the {amount} a day are spent, {expected} are to be expected by its end':
    '预算将不足：每日 {amount} 已用 {spent}，预计当日结束时 {expected}',
  // the file
  'a number from 0 to {most}, such as 0.5': '0 到 {most} 的数，例如 0.5',
  'an amount above 0, such as 500, or none': '大于 0 的金额，例如 500，或 none',
  'one to eight characters, such as CNY': '1 到 8 个字符，例如 CNY',
  'types of servers and what each costs an hour, such as { ecs.g7.large: 0.68 }':
    '服务器规格及其每小时价格，例如 { ecs.g7.large: 0.68 }',
  'expected two different hours, such as { from: 22, until: 8, factor: 50% }':
    '应为两个不同的小时，例如 { from: 22, until: 8, factor: 50% }',
  'driver {driver} does not know what a server draws, so that its carbon is never counted; give the fleet its watts, such as watts: { idle: 60, peak: 180 }':
    '驱动 {driver} 不知道服务器的功率，因此不会计算碳排放；请为机群设置 watts，例如 watts: { idle: 60, peak: 180 }',
  'expected what a kWh makes beside per-tonne, such as intensity: 540':
    '除 per-tonne 外还应给出每 kWh 的排放量，例如 intensity: 540',
  'servers that stand elsewhere are not counted; say beside zones what a kWh makes there, such as intensity: 540':
    '位于其他可用区的服务器不计入；请在 zones 之外给出那里每 kWh 的排放量，例如 intensity: 540',
  'grams a kWh from 0 to {most}, such as 540, or a list of 24, one for each hour':
    '每 kWh 的克数（0 到 {most}），例如 540，或 24 个值的列表（每小时一个）',
  'zones and the grams a kWh of each, such as { cn-hangzhou-h: 540 }, or a list of 24, one for each hour':
    '可用区及其每 kWh 的克数，例如 { cn-hangzhou-h: 540 }，或 24 个值的列表（每小时一个）',
  'expected both, the lower one first, such as { idle: 60, peak: 180 }':
    '应同时给出两者，且 idle 不大于 peak，例如 { idle: 60, peak: 180 }',
}
