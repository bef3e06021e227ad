import type { Catalog } from '../translate.ts'

/** What is told of settings that are tuned. */
export const TUNING: Catalog = {
  // studies
  '{fleet}: {days} days replayed; one day chooses, the next one confirms':
    '{fleet}：已重放 {days} 天；一天用于选择，下一天用于验证',
  'replays the days with other settings: run {run} of {most} at most':
    '以其他设置重放：第 {run} 次，最多 {most} 次',
  'assumed: a server carries {rate} ({by...})': '假设：每台服务器承载 {rate}（{by...}）',
  'assumed: it works on {slots} requests at once ({by...})': '假设：同时处理 {slots} 个请求（{by...}）',
  'assumed: it serves {time} after its launch ({by...})': '假设：启动后 {time} 开始服务（{by...}）',
  'assumed: a request is late when it waits longer than {time}, and {share} % may be':
    '假设：等待超过 {time} 的请求算迟到，允许 {share} %',
  'assumed: a server costs {price} {currency} an hour': '假设：每台服务器每小时 {price} {currency}',
  'assumed: nothing of its price, which is not known': '假设：价格未知，不计费用',
  'as was learned': '学习所得',
  'as the file says': '按文件',
  'taken, for nothing is known of it': '取默认值，因为未知',
  'taken, for no start is known': '取默认值，因为尚无启动记录',
  'as they are': '当前设置',
  'nothing is proposed: {why...}': '没有建议：{why...}',
  'proposal: {says...}': '建议：{says...}',
  'put these values into your file; everything else there stays:': '请将以下值写入文件，其余内容保持不变：',
  'nothing runs that knows what is tuned: what the file says is replayed':
    '没有正在运行的 Tidegate，不知道已调优的值：按文件中的设置重放',
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
  '{share} % of the requests are late, but hardly any on every other day: what would help cannot be confirmed':
    '{share} % 的请求迟到，但隔天几乎没有：无法验证什么会有帮助',
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
  // what becomes of it
  '{fleet}: nothing is proposed: {why...}': '{fleet}：没有建议：{why...}',
  '{fleet}: proposal: {says...}': '{fleet}：建议：{says...}',
  '{fleet}: applied for a probation of {time}: {changes!}': '{fleet}：已应用，试用 {time}：{changes!}',
  '{fleet}: applied by {who} for a probation of {time}: {changes!}':
    '{fleet}：{who} 已应用，试用 {time}：{changes!}',
  '{fleet}: {changes!} has stood its probation: {says...}': '{fleet}：{changes!} 已通过试用：{says...}',
  '{fleet}: {changes!} is taken back: {says...}': '{fleet}：{changes!} 已撤回：{says...}',
  '{fleet}: {who} took back {changes!}': '{fleet}：{who} 撤回了 {changes!}',
  '{fleet}: it was taken back before, and is not tried again for {time}':
    '{fleet}：此前曾被撤回，{time} 内不再尝试',
  '{fleet}: nothing is proposed that could be applied; {command!} replays its days now':
    '{fleet}：没有可应用的建议；可用 {command!} 现在重放最近几天',
  '{fleet}: the step before is on probation for {time} more; {command!} ends it and takes back all that is tuned':
    '{fleet}：上一步还要试用 {time}；{command!} 可结束试用并撤回全部调优',
  '{fleet}: the step before is on probation still; {command!} ends it and takes back all that is tuned':
    '{fleet}：上一步仍在试用中；{command!} 可结束试用并撤回全部调优',
  '{fleet}: its settings or bounds are others than those that were studied':
    '{fleet}：当前的设置或 bounds 与所研究的不同',
  '{fleet}: nothing is tuned that could be taken back; the settings of the file hold':
    '{fleet}：没有可撤回的调优；文件中的设置有效',
  '{fleet}: nothing that is tuned is applied by itself until `resume`':
    '{fleet}：在 `resume` 之前不会自动应用任何调优',
  '{fleet}: what is tuned may be applied by itself again': '{fleet}：调优可再次自动应用',
  '{fleet}: the file has another value of {keys!}, or bounds that leave out what was tuned of it, so that this holds no more':
    '{fleet}：文件中 {keys!} 的值已改变，或其调优值超出了 bounds，调优不再有效',
  '{fleet}: {changes!} stays on probation for {time} more: {says...}':
    '{fleet}：{changes!} 的试用延长 {time}：{says...}',
  'the load was another than before': '负载与之前不同',
  '{fleet}: the file has it tuned no more, and its own settings hold again':
    '{fleet}：文件不再要求调优，文件自身的设置重新生效',
  'its settings could not be studied: {why...}; it is tried again after {time}':
    '无法研究其设置：{why...}；{time} 后重试',
  'its last step could not be judged: {why...}; it is tried again after {time}':
    '无法评判其上一步：{why...}；{time} 后重试',
  'no study of settings: {why...}': '没有完成设置研究：{why...}',
  'it was given up': '已放弃',
  'too little was measured to tell whether it is better': '测量太少，无法判断是否更好',
  'the load was another, so that its cost cannot be compared': '负载不同，无法比较成本',
  '{share} % fewer server-hours for each request': '每个请求的服务器小时减少 {share} %',
  '{share} % more server-hours for each request': '每个请求的服务器小时增加 {share} %',
  '{share} % more server-hours for each request, where {predicted} % fewer were predicted':
    '每个请求的服务器小时增加 {share} %，而预测为减少 {predicted} %',
  '{share} % more server-hours for each request, where {predicted} % more were predicted':
    '每个请求的服务器小时增加 {share} %，而预测为增加 {predicted} %',
  'p95 is {now} in place of {before}': 'p95 为 {now}，原为 {before}',
  '{share} % of the requests fail in place of {before} %': '失败的请求占 {share} %，原为 {before} %',
  '{share} % of the requests come to crowded servers in place of {before} %':
    '遇到拥挤服务器的请求占 {share} %，原为 {before} %',
  '{fleet}: tuning: {line...}': '{fleet}：调优：{line...}',
  tuning: '调优',
  '{key} is {value} in place of {file}': '{key} 为 {value}，文件中为 {file}',
  'the last step is on probation until {when!}, {share} % fewer server-hours are predicted':
    '上一步试用至 {when!}，预测服务器小时减少 {share} %',
  'the last step is on probation until {when!}, {share} % more server-hours are predicted':
    '上一步试用至 {when!}，预测服务器小时增加 {share} %',
  'nothing is applied by itself until `resume`': '在 `resume` 之前不会自动应用',
  'the last study, with nothing to apply: {says...}': '上次研究，没有可应用的建议：{says...}',
  'the first step of the last study was applied: {says...}': '上次研究的第一步已应用：{says...}',
  'proposed: {says...}': '已建议：{says...}',
  'apply what is tuned': '应用调优',
  'revert what is tuned': '撤回调优',
  'hold what is tuned': '暂停调优',
  'resume what is tuned': '继续调优',
  'the tuning of {fleet} gets this order with the next look; `tidegate status` tells what holds':
    '{fleet} 的调优将在下一次检查时收到该指令；`tidegate status` 显示当前生效的设置',
  '{fleet} is not to be tuned: give it a tuning with at, such as {example!}':
    '{fleet} 未启用调优：请为其设置带 at 的 tuning，例如 {example!}',
  // settings
  'nothing is proposed that could be applied; give tuning a time, such as {example!}':
    '没有可应用的建议；请为 tuning 设置时间，例如 {example!}',
  'five fields of cron such as {example}, or never': '五个字段的 cron，例如 {example}，或 never',
  'expected bounds around 100%, such as {example!}': 'bounds 应包含 100%，例如 {example!}',
  'a step is judged by some hours of a day, which may not be those that it makes worse':
    '一步仅凭一天中的数小时评判，而变差的可能是其他时段',
  // headings
  SETTINGS: '设置',
  SAVES: '节省',
  CONFIRMED: '验证',
  'WORST DAY': '最差一天',
  CHANGES: '变更',
  RUNS: '次数',
  // help
  'apply what is proposed for a fleet’s settings, take it back, hold it, or let it go on':
    '应用机群设置的建议、撤回、暂停或继续',
  'replay the last days with neighbouring settings: what each would save, and at which risk':
    '以相邻设置重放最近几天：各自能节省多少、风险如何',
  'how many; half of them choose, half confirm (default: 7)': '多少天；一半用于选择，一半用于验证（默认：7）',
  'the longest wait that is not late (default: 250ms)': '不算迟到的最长等待（默认：250ms）',
  'so many requests may be late (default: 0.1%)': '允许迟到的请求比例（默认：0.1%）',
}
