import type { Catalog } from '../translate.ts'

/** What is told of settings that are tuned. */
export const TUNING: Catalog = {
  // studies
  '{fleet}: {days} days replayed; one day chooses, the next one confirms':
    '{fleet}：已重放 {days} 天；一天用于选择，下一天用于验证',
  'as they are': '当前设置',
  'nothing is proposed: {why...}': '没有建议：{why...}',
  'proposal: {says...}': '建议：{says...}',
  'by the chance of arrivals and start-ups it saves {least} % to {most} %':
    '受到达与启动的随机性影响，节省 {least} % 至 {most} %',
  '{changes!} would save {share} % of the server-hours': '{changes!} 可节省 {share} % 的服务器小时',
  '{changes!} would save {share} % of the server-hours ({amount} {currency} a month)':
    '{changes!} 可节省 {share} % 的服务器小时（每月 {amount} {currency}）',
  '{changes!} would cost {share} % of the server-hours': '{changes!} 将多用 {share} % 的服务器小时',
  '{changes!} would cost {share} % of the server-hours ({amount} {currency} a month)':
    '{changes!} 将多用 {share} % 的服务器小时（每月 {amount} {currency}）',
  '{share} % of the requests would wait longer than {time} in place of {before} %':
    '等待超过 {time} 的请求占 {share} %，原为 {before} %',
  'on the worst day {share} % in place of {before} %': '最差的一天为 {share} %，原为 {before} %',
  'better on {good} of {days} days that had no say in it': '在未参与选择的 {days} 天中有 {good} 天更好',
  '{changes!} was better on the days that chose it, and not on the others: that may be chance':
    '{changes!} 在用于选择的日子里更好，在其余日子里则不然：可能只是巧合',
  'no neighbour has clearly fewer late requests at an acceptable cost: {share} % are late, and {most} % may be':
    '没有哪个相邻设置能以可接受的成本明显减少迟到请求：迟到 {share} %，允许 {most} %',
  'no neighbour saves at least 2 % without more late requests than may be':
    '没有哪个相邻设置能在迟到请求不超限的前提下节省至少 2 %',
  'a replay with the settings as they are comes to {count} servers in the mean, and there were {there}: it does not know this fleet well enough':
    '以当前设置重放平均需要 {count} 台服务器，而实际为 {there} 台：重放对该机群还不够了解',
  'its policies go by {metrics!}, which a replay of its load cannot tell':
    '其策略依据 {metrics!}，而负载重放无法得知这些指标',
  'no policy of it has a value that could be tuned': '其策略没有可调的 value',
  'what a server carries is not known: give the fleet a capacity, or wait until it is learned':
    '单台服务器的承载能力未知：请为机群设置 capacity，或等待学习得出',
  'too little history: {days} whole days of its load are known, and {needed} are needed':
    '历史太短：只有 {days} 整天的负载，需要 {needed} 天',
  'too little history: more than a fifth of these days was not measured':
    '历史太少：这些日子有五分之一以上没有测量',
  // headings
  SETTINGS: '设置',
  SAVES: '节省',
  CONFIRMED: '验证',
  'WORST DAY': '最差一天',
  CHANGES: '变更',
  RUNS: '次数',
  // help
  'replay the last days with neighbouring settings: what each would save, and at which risk':
    '以相邻设置重放最近几天：各自能节省多少、风险如何',
  'how many; half of them choose, half confirm (default: 7)': '多少天；一半用于选择，一半用于验证（默认：7）',
  'the longest wait that is not late (default: 250ms)': '不算迟到的最长等待（默认：250ms）',
  'so many requests may be late (default: 0.1%)': '允许迟到的请求比例（默认：0.1%）',
}
