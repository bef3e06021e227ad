import type { Catalog } from '../translate.ts'

/** What commands say, but for their help. */
export const COMMANDS: Catalog = {
  // tables
  FLEET: '机群',
  DESIRED: '期望',
  ACTUAL: '实际',
  READY: '就绪',
  READINGS: '读数',
  SERVER: '服务器',
  STATE: '状态',
  'IN-FLIGHT': '处理中',
  CONNECTIONS: '连接',
  AGE: '时长',
  ADDRESS: '地址',
  DETAIL: '详情',
  '{name}: the load balancer that was created for it stays, and is paid; `tidegate down --balancers` deletes it':
    '{name}：为它创建的负载均衡实例仍保留并计费；可用 `tidegate down --balancers` 释放',
  '{name}: the listeners and server groups that were made there stay; delete them there':
    '{name}：在其上创建的监听和服务器组仍保留；请在那边删除',
  MEMBER: '成员',
  WEIGHT: '权重',
  'LAST CHECK': '最近检查',
  TIME: '时间',
  MIN: '最小',
  MEAN: '平均',
  MAX: '最大',
  SAMPLES: '样本数',
  'no samples for {time}': '{time} 没有样本',
  // what was learned
  learned: '学习所得',
  'the file says that a server carries {rate}': '文件规定每台服务器承载 {rate}',
  'the file says that a server starts in {time}': '文件规定服务器启动需 {time}',
  'a server carries {low} or more; nothing has shown yet how much, by its CPU in {count} steps of the history':
    '每台服务器可承载 {low} 或更多；尚无数据表明上限，依据 CPU，历史 {count} 步',
  'a server carries {low} or more; nothing has shown yet how much, by its queue in {count} steps of the history':
    '每台服务器可承载 {low} 或更多；尚无数据表明上限，依据排队，历史 {count} 步',
  'a server carries perhaps {rate} ({low} to {high}); that is not sure yet, by its CPU in {count} steps of the history':
    '每台服务器或可承载 {rate}（{low} 至 {high}）；尚不确定，依据 CPU，历史 {count} 步',
  'a server carries perhaps {rate} ({low} to {high}); that is not sure yet, by its queue in {count} steps of the history':
    '每台服务器或可承载 {rate}（{low} 至 {high}）；尚不确定，依据排队，历史 {count} 步',
  'a server carries {rate} before its latency knees, and {most} at most ({low} to {high}), by its CPU in {count} steps of the history':
    '延迟拐点前每台服务器可承载 {rate}，至多 {most}（{low} 至 {high}），依据 CPU，历史 {count} 步',
  'a server carries {rate} before its latency knees, and {most} at most ({low} to {high}), by its queue in {count} steps of the history':
    '延迟拐点前每台服务器可承载 {rate}，至多 {most}（{low} 至 {high}），依据排队，历史 {count} 步',
  'one of {count} zones is lost {time} after the warm-up': '预热结束 {time} 后，{count} 个可用区中的一个失效',
  'no server can be had from {from} to {to} after the warm-up':
    '预热结束后 {from} 至 {to} 期间无法获得服务器',
  'tidegate hears {late} late of what is measured, and its guard fresh takes what is older than {fresh} for missing: it retires nothing; such a source needs a longer one (--fleet)':
    'tidegate 得到的测量值迟到 {late}，而其防护 fresh 把早于 {fresh} 的值视为缺失：不会缩容；这样的来源需要更长的 fresh（--fleet）',
  'a server starts in {time} (P95 {long}, of {count} starts)':
    '服务器启动需 {time}（P95 {long}，共 {count} 次启动）',
  // states
  serving: '服务中',
  launching: '启动中',
  starting: '初始化',
  checking: '检查中',
  draining: '摘流中',
  retiring: '回收中',
  failed: '失败',
  healthy: '健康',
  unhealthy: '不健康',
  ejected: '已摘除',
  gone: '已移除',
  // status, explain, plan
  'pool {pool} ({algorithm}): balancer {name} tells no load':
    '后端池 {pool}（{algorithm}）：负载均衡器 {name} 不提供负载数据',
  'pool {pool} ({algorithm}): {rps}/s, {count} in flight':
    '后端池 {pool}（{algorithm}）：{rps}/s，{count} 个处理中',
  'pool {pool} ({algorithm}): {rps}/s, {count} in flight, {panic!}':
    '后端池 {pool}（{algorithm}）：{rps}/s，{count} 个处理中，{panic!}',
  'PANIC: too few members are healthy, all are used': '恐慌模式：健康成员过少，使用全部成员',
  '{fleet}: blind: {why...}': '{fleet}：无法观察：{why...}',
  '{fleet}: alert {name} since {time}: {says...}': '{fleet}：告警 {name}，始于 {time}：{says...}',
  '{fleet}: alert {name} since {day} {time}: {says...}': '{fleet}：告警 {name}，始于 {day} {time}：{says...}',
  '{name} since {time}: {says...}': '{name}，始于 {time}：{says...}',
  '{fleet}: kept ready: {what...}': '{fleet}：备用：{what...}',
  '{reserve...}, {stopped} stopped': '{reserve...}，停机 {stopped} 台',
  '{count} stopped': '停机 {count} 台',
  '{count} in reserve': '预留 {count} 台',
  '{count} in reserve ({price} an hour)': '预留 {count} 台（每小时 {price}）',
  '{fleet}: ended by themselves: {list!}': '{fleet}：自行退出：{list!}',
  '{fleet}: launches: {line...}': '{fleet}：启动：{line...}',
  '{fleet}: learned: {line...}': '{fleet}：学到：{line...}',
  'they wait until {time...}: {why...}': '等待至 {time...}：{why...}',
  'Ctrl-C ends this': 'Ctrl-C 结束',
  '{why...}; asking again': '{why...}；正在重试',
  'as it was at {time}:': '{time} 时的状态：',
  '... {count} more lines; this window has {rows} rows': '…… 另有 {count} 行；窗口共 {rows} 行',
  blind: '无法观察',
  alerts: '告警',
  'under way: {step...}': '进行中：{step...}',
  read: '读数',
  why: '原因',
  policies: '策略',
  '{file!} cannot be read: {why!}': '{file!} 无法读取：{why!}',
  others: '其他方式',
  '{metric} {value!}, {age} old, from {source...}': '{metric} {value!}，{age} 前，来自 {source...}',
  '{metric} {value!}, {age} old, from {source...} ({why...})':
    '{metric} {value!}，{age} 前，来自 {source...}（{why...}）',
  '{metric} no data, {age} old, from {source...}': '{metric} 无数据，{age} 前，来自 {source...}',
  '{metric} no data, {age} old, from {source...} ({why...})':
    '{metric} 无数据，{age} 前，来自 {source...}（{why...}）',
  '{fleet} beside {rule}: {more} of the time more, {fewer} fewer, by {mean} in the mean; {hours} server-hours, it {other}':
    '{fleet} 与 {rule} 相比：{more} 的时间更多，{fewer} 更少，平均相差 {mean} 台；{hours} 服务器小时，对方 {other}',
  '{fleet}: nothing is known of other ways to scale in this time yet':
    '{fleet}：该时段尚无其他扩缩方式的记录',
  calendar: '日程',
  orders: '指令',
  replacement: '替换',
  launches: '启动',
  'last change': '最近变更',
  open: '进行中',
  'servers not serving': '未在服务的服务器',
  'no decision yet': '尚无决策',
  '{why...}; nothing is changed until it can be seen': '{why...}；恢复观察之前不做任何变更',
  '{fleet}: {have} -> {want} servers at {time...}': '{fleet}：{have} -> {want} 台服务器，{time...}',
  '{fleet}: {have} -> {want} server at {time...}': '{fleet}：{have} -> {want} 台服务器，{time...}',
  '{fleet}: stays at {want} servers at {time...}': '{fleet}：保持 {want} 台服务器，{time...}',
  '{fleet}: stays at {want} server at {time...}': '{fleet}：保持 {want} 台服务器，{time...}',
  '{have} -> {want} servers at {time...}': '{have} -> {want} 台服务器，{time...}',
  '{have} -> {want} server at {time...}': '{have} -> {want} 台服务器，{time...}',
  '{have} -> {want} servers': '{have} -> {want} 台服务器',
  '{have} -> {want} server': '{have} -> {want} 台服务器',
  'stays at {want} servers at {time...}': '保持 {want} 台服务器，{time...}',
  'stays at {want} server at {time...}': '保持 {want} 台服务器，{time...}',
  'stays at {want} servers': '保持 {want} 台服务器',
  'stays at {want} server': '保持 {want} 台服务器',
  'nothing to do': '无需操作',
  'price not known': '价格未知',
  '{balancer}: not created yet, {price...}': '{balancer}：尚未创建，{price...}',
  '{balancer}: {id}, {price...}': '{balancer}：{id}，{price...}',
  '{balancer}: {id}, {price...}, nothing to do': '{balancer}：{id}，{price...}，无需操作',
  'about {price} CNY an hour and its capacity units (list price)':
    '约每小时 {price} 元，另加性能容量单位（目录价）',
  'about {price} CNY an hour, its capacity units and what it sends (list price)':
    '约每小时 {price} 元，另加性能容量单位和公网流量（目录价）',
  'about {price} CNY an hour (2019 list of Hangzhou)': '约每小时 {price} 元（2019 年杭州价目）',
  'about {price} CNY an hour and what it sends (2019 list of Hangzhou)':
    '约每小时 {price} 元，另计流量费（2019 年杭州价目）',
  '+ create {specification} at an internet address': '+ 创建 {specification}，公网地址',
  '+ create {specification} at an intranet address': '+ 创建 {specification}，私网地址',
  '+ create ALB {edition} at an internet address, in {vswitches!}':
    '+ 创建公网 ALB（{edition}），位于 {vswitches!}',
  '+ create ALB {edition} at an intranet address, in {vswitches!}':
    '+ 创建私网 ALB（{edition}），位于 {vswitches!}',
  '+ create one billed by use at an internet address': '+ 创建按使用量计费的实例，公网地址',
  '+ create one billed by use at an intranet address': '+ 创建按使用量计费的实例，私网地址',
  '~ {change...}': '~ {change...}',
  '~ billing by specification {specification} -> by use, for good':
    '~ 计费方式 按规格 {specification} -> 按使用量，不可改回',
  '~ specification {from} -> {to}': '~ 规格 {from} -> {to}',
  '~ paid by traffic -> for {bandwidth}': '~ 付费方式 按流量 -> 按带宽 {bandwidth}',
  '~ paid for {bandwidth} -> by traffic': '~ 付费方式 按带宽 {bandwidth} -> 按流量',
  '~ paid for {from} -> for {to}': '~ 按带宽付费 {from} -> {to}',
  '~ deletion protection {from} -> {to}': '~ 实例释放保护 {from} -> {to}',
  '~ tags {tags!}': '~ 标签 {tags!}',
  '{by}: holds {count}: {why...}': '{by}：保持 {count} 台：{why...}',
  '{by}: {from} -> {to}: {why...}': '{by}：{from} -> {to}：{why...}',
  '{by}: holds {count}: {why...} (until {time...})': '{by}：保持 {count} 台：{why...}（至 {time...}）',
  '{by}: {from} -> {to}: {why...} (until {time...})': '{by}：{from} -> {to}：{why...}（至 {time...}）',
  '{policy}: abstains: {why...}': '{policy}：弃权：{why...}',
  '{policy}: wants {count}: {why...}': '{policy}：希望 {count} 台：{why...}',
  '{text!} = no data': '{text!} = 无数据',
  '{text!} = {value!}': '{text!} = {value!}',
  '+ launch {count} {fleet} (revision {revision})': '+ 启动 {count} 台 {fleet}（版本 {revision}）',
  '~ admit {ids...} in pool {pool} (weight {weight!})': '~ 准入 {ids...} 到后端池 {pool}（权重 {weight!}）',
  '~ drain {ids...} in pool {pool} (weight {weight!})':
    '~ 将 {ids...} 在后端池 {pool} 中摘流（权重 {weight!}）',
  '~ resume {ids...} in pool {pool} (weight {weight!})':
    '~ 恢复 {ids...} 在后端池 {pool} 中的服务（权重 {weight!}）',
  '~ confirm {ids...}': '~ 确认 {ids...}',
  '- drop {ids...} from pool {pool}': '- 将 {ids...} 移出后端池 {pool}',
  '- retire {ids...}': '- 回收 {ids...}',
  '- stop and keep {ids...}': '- 停机并保留 {ids...}',
  'No controller runs here: this is what `tidegate up` would begin with, by a look that changes nothing.':
    '此处没有正在运行的控制器：以下是只读查看得出的、`tidegate up` 启动后首先会做的事。',
  '+ launch {count} {fleet}': '+ 启动 {count} 台 {fleet}',
  'then what its policies ask for, by what is measured, the history and the calendar: {policies!}':
    '随后按其策略的要求（依据测量值、历史与日历）：{policies!}',
  '{fleet}: {count} servers are there, {min} to {max} are to be':
    '{fleet}：现有 {count} 台服务器，应为 {min} 到 {max} 台',
  '{fleet}: what is there is not known, {min} to {max} are to be':
    '{fleet}：现有服务器未知，应为 {min} 到 {max} 台',
  '{fleet}: what is there is not known, {min} to {max} are to be: {why...}':
    '{fleet}：现有服务器未知，应为 {min} 到 {max} 台：{why...}',
  'This is the plan of the Tidegate that runs at {url}.': '以下是运行在 {url} 的 Tidegate 的计划。',
  '{order...} by {who} since {time}, until taken back': '{order...}，由 {who} 于 {time} 下达，直到撤销',
  '{order...} by {who} since {time}, until {end}': '{order...}，由 {who} 于 {time} 下达，至 {end}',
  'scaling in and out paused': '暂停伸缩',
  'scaling in paused': '暂停缩容',
  'scaling out paused': '暂停扩容',
  'pinned to {count}': '固定为 {count} 台',
  '{order...}; max makes it {count}': '{order...}；受 max 限制为 {count} 台',
  '{order...}; min makes it {count}': '{order...}；受 min 限制为 {count} 台',
  '{server} drained': '{server} 已摘流',
  'every server replaced': '替换所有服务器',
  'every server of before replaced': '替换此前的所有服务器',
  '{order...} by {who} since {time}, until that is done': '{order...}，由 {who} 于 {time} 下达，直到完成',
  stopped: '停止',
  '{member} in pool {pool} set to weight {weight}': '{member} 在后端池 {pool} 中权重设为 {weight}',
  'configuration {revision}': '配置 {revision}',
  '{day} {time} {who} at {address}: {what!}: refused ({code})':
    '{day} {time} {who}（{address}）：{what!}：被拒绝（{code}）',
  // orders
  '{fleet} wants {count} servers for {time} or until `tidegate resume {name}`':
    '{fleet} 固定为 {count} 台服务器，持续 {time}，或直到 `tidegate resume {name}`',
  '{fleet} wants {count} servers ({asked} is outside {min} to {max}, its min and max) for {time} or until `tidegate resume {name}`':
    '{fleet} 固定为 {count} 台服务器（{asked} 超出 min 与 max 的范围 {min} 到 {max}），持续 {time}，或直到 `tidegate resume {name}`',
  '{server} may serve again once its checks pass': '{server} 通过健康检查后恢复服务',
  'the configuration is loaded': '配置已加载',
  'canary {name} gets this order with the next look; `tidegate status` tells how far it has come':
    '灰度 {name} 将在下一次观察时执行该指令；进度见 `tidegate status`',
  'every server of {fleet} is being replaced; `tidegate status` tells how far it has come':
    '正在替换 {fleet} 的每台服务器；进度见 `tidegate status`',
  '{fleet} scales by its policies again': '{fleet} 恢复按策略伸缩',
  '{fleet} does not scale in and out until `tidegate resume {name}`':
    '{fleet} 暂停伸缩，直到 `tidegate resume {name}`',
  '{fleet} does not scale in until `tidegate resume {name}`':
    '{fleet} 暂停缩容，直到 `tidegate resume {name}`',
  '{fleet} does not scale out until `tidegate resume {name}`':
    '{fleet} 暂停扩容，直到 `tidegate resume {name}`',
  '{server} gets no new requests; `tidegate ready {name}` lets it serve again':
    '{server} 不再接收新请求；`tidegate ready {name}` 使其恢复服务',
  '{server} is to be drained, and some pool may still send it requests; `tidegate status` tells when that is over':
    '已下令排空 {server}，但仍可能有池向其发送请求；何时完成见 `tidegate status`',
  '{server} is to serve again, and some pool sends it nothing yet; `tidegate status` tells when that is over':
    '已下令恢复 {server}，但仍有池未向其分配请求；何时完成见 `tidegate status`',
  '{name} may {scope}; the token is shown only now, and {file} keeps its hash':
    '{name} 的权限为 {scope}；令牌只显示这一次，{file} 保存其哈希',
  '{file} keeps no tokens; add admin: { tokens: ./tokens } and run this again':
    '{file} 未配置令牌文件；请添加 admin: { tokens: ./tokens } 后重试',
  // logs and history
  'there is no log of {name}; there are: {names!}': '没有 {name} 的日志；现有：{names!}',
  'there is no access log; set gateway: { access-log: ./access.log }':
    '没有访问日志；请设置 gateway: { access-log: ./access.log }',
  'there is no history yet': '尚无历史数据',
  'there is no history of {fleet}': '没有 {fleet} 的历史数据',
  'there are no points in this range': '该时间范围内没有数据点',
  '{option}: expected {what...}, got "{text!}"': '{option}：应为{what...}，实际为 "{text!}"',
  'an instant such as 1767225600, 2026-01-01T00:00:00Z, or relative to now: -1h, 1h, now':
    '时刻，例如 1767225600、2026-01-01T00:00:00Z，或相对当前：-1h、now',
  'the query has no samples in this range': '该时间范围内查询没有样本',
  'the history took 1 sample of {metric} of {fleet}': '已导入 {fleet} 的 {metric} 的 1 个样本',
  'the history took {count} samples of {metric} of {fleet}': '已导入 {fleet} 的 {metric} 的 {count} 个样本',
  '{count} are older than 60 days and were left out': '{count} 个早于 60 天，已略过',
  '{file} cannot be read: {why...}': '{file} 无法读取：{why...}',
  '{at} is not of the past': '{at} 不是过去的时刻',
  '--since: the history has the last {time}; give a later instant':
    '--since：历史数据只有最近 {time}；请给出更晚的时刻',
  '{file} is larger than {size} MiB; cut it up': '{file} 大于 {size} MiB；请拆分',
  '{count} samples, and at most {most} are taken at once; cut the file up':
    '{count} 个样本，一次最多导入 {most} 个；请拆分文件',
  'line {line}: {says...}': '第 {line} 行：{says...}',
  'expected the header "timestamp,value", got "{text!}"': '应有表头 "timestamp,value"，实际为 "{text!}"',
  'and {count} more': '另有 {count} 处',
  'expected {width} columns, got {count}': '应有 {width} 列，实际 {count} 列',
  // the API, its address and its token
  '--api: expected a URL such as {example}, got "{text!}"':
    '--api：应为 URL，例如 {example}，实际为 "{text!}"',
  'to ask what runs all the same: --api URL': '仍要查询正在运行的实例：--api URL',
  '{file} has errors (`tidegate validate {name}` lists them); asking what runs':
    '{file} 有错误（`tidegate validate {name}` 可列出）；改为查询正在运行的实例',
  'the file has errors, and only it says where the access log is': '文件有错误，而访问日志的位置只写在其中',
  'there is no {file}; name the configuration by --config, or write one by `tidegate init`':
    '没有 {file}；请用 --config 指定配置文件，或用 `tidegate init` 写一份',
  '{from} must lie before {to}': '{from} 必须早于 {to}',
  '{flag} does nothing without {needed}; give both, or neither':
    '没有 {needed} 时 {flag} 不起作用；请两者都给出，或都不给',
  '{flag} does nothing with {other}; leave one of them out':
    '{flag} 与 {other} 同时使用时不起作用；请去掉其一',
  '{file} has errors; `tidegate validate {name}` lists them':
    '{file} 有错误；`tidegate validate {name}` 可列出',
  'no Tidegate runs with {file}; start one with `tidegate up {name}`, or name one by --api URL':
    '没有使用 {file} 运行的 Tidegate；用 `tidegate up {name}` 启动，或用 --api URL 指定',
  'no Tidegate answers at {url}; start one with `tidegate up`':
    '{url} 没有 Tidegate 响应；用 `tidegate up` 启动',
  'no Tidegate answers at {url}: {why...}': '{url} 没有 Tidegate 响应：{why...}',
  "what answers at {url} is not Tidegate's admin API": '在 {url} 响应的不是 Tidegate 的管理 API',
  'silent for {time} s': '{time} 秒没有响应',
  '{url} ended the stream; asking again': '{url} 结束了事件流；正在重试',
  '--token-file: {file} holds no token; expected one line': '--token-file：{file} 中没有令牌；应为一行',
  'no fleet is called "{name}"; fleets: {known!}': '没有名为 "{name}" 的机群；现有：{known!}',
  'no pool is called "{name}"; pools: {known!}': '没有名为 "{name}" 的后端池；现有：{known!}',
  'this API needs a token: "authorization: Bearer TOKEN"': '该 API 需要令牌："authorization: Bearer TOKEN"',
  'the token is not known here': '令牌无法识别',
  '{who} may only read; this needs the scope "operate"': '{who} 只有读权限；此操作需要权限 "operate"',
  'too many wrong tokens came from this address; wait {time} s': '该地址的错误令牌过多；请等待 {time} 秒',
  '"{name}" is no name; expected 1 to 40 letters, digits and . _ @ -':
    '"{name}" 不是有效名称；应为 1 到 40 个字母、数字和 . _ @ -',
  '{file}: {name} has a token already; remove its line to give another':
    '{file}：{name} 已有令牌；删除对应行后可重新生成',
  'the log says more': '详见日志',
  'the token of {name}': '{name} 的令牌',
  // validate, init
  '{file} is valid: {counts...}': '{file} 有效：{counts...}',
  '{count} listener': '{count} 个监听器',
  '{count} listeners': '{count} 个监听器',
  '{count} pool': '{count} 个后端池',
  '{count} pools': '{count} 个后端池',
  '{count} fleet': '{count} 个机群',
  '{count} fleets': '{count} 个机群',
  'fleet {fleet}: {window...}': '机群 {fleet}：{window...}',
  'nobody can be asked here; say what answers requests: --command COMMAND, --servers ADDRESSES, or --yes for an example':
    '此处无法询问；请说明由什么响应请求：--command COMMAND、--servers ADDRESSES，或用 --yes 生成示例',
  '{file} is written; `tidegate up {name}` runs it': '{file} 已写入；用 `tidegate up {name}` 运行',
  '{file} is there already; --force overwrites it, `tidegate init OTHER.yaml` writes another':
    '{file} 已存在；--force 覆盖它，`tidegate init OTHER.yaml` 写入其他文件',
  '--health-path: the health check has its own URL': '--health-path：该健康检查自带 URL',
  'the input has ended; nothing was written': '输入已结束；没有写入任何内容',
  '--command and --servers: expected one of them': '--command 与 --servers：只能使用其一',
  '{question...} [{value!}]:': '{question...} [{value!}]：',
  'Port for the traffic': '流量端口',
  'What answers requests: a command that Tidegate starts (c), or servers that run already (s)':
    '由什么响应请求：Tidegate 启动的命令（c），或已在运行的服务器（s）',
  'expected c or s, got "{text!}"': '应为 c 或 s，实际为 "{text!}"',
  'Its command; it listens on the port in the variable PORT (example = a server to try with)':
    '启动命令；监听变量 PORT 中的端口（example = 试用服务器）',
  'expected a command such as `node server.js`, with quotes in pairs':
    '应为命令，例如 `node server.js`，引号须成对',
  'Their addresses, with commas between them': '服务器地址，用逗号分隔',
  'expected addresses such as 10.0.0.7:8080, got "{text!}"': '应为地址，例如 10.0.0.7:8080，实际为 "{text!}"',
  'Servers at least': '最少服务器数',
  'Servers at most': '最多服务器数',
  'Path that a healthy server answers with 200 (tcp = it is enough that it takes connections)':
    '健康服务器返回 200 的路径（tcp = 能建立连接即可）',
  'expected a path such as /health, or tcp, got "{text!}"':
    '应为路径（例如 /health）或 tcp，实际为 "{text!}"',
  'expected a whole number from {min} to {max}, got "{text!}"':
    '应为 {min} 到 {max} 的整数，实际为 "{text!}"',
  '{key}: unknown key; there are: {keys!}': '{key}：未知的键；可用：{keys!}',
  '{key}: a TCP check only connects; leave it out, or "Check": "HTTP"':
    '{key}：TCP 检查只建立连接；请去掉它，或使用 "Check": "HTTP"',
  '{source...}: is no JSON: {why!}': '{source...}：不是 JSON：{why!}',
  '{source...}: expected an object such as { "Check": "HTTP", "URL": "/health" }':
    '{source...}：应为对象，例如 { "Check": "HTTP", "URL": "/health" }',
  'standard input': '标准输入',
  // up, down, gateway
  'the gateway runs with one worker, because workers cannot share a port here':
    '网关只运行一个工作线程，因为此处工作线程不能共享端口',
  'servers of `driver: local` are not found again after a crash of the controller, and their cpu and memory are not measured: there is no /proc':
    '控制器崩溃后无法找回 `driver: local` 的服务器，也不采集其 CPU 和内存：没有 /proc',
  'Ctrl-C and `tidegate down` end everything without draining and may leave servers of `driver: local` behind, and a reload needs `tidegate reload`: this system has no signals that ask':
    'Ctrl-C 和 `tidegate down` 会不经摘流直接结束一切，可能残留 `driver: local` 的服务器；重新加载需用 `tidegate reload`：本系统没有请求退出的信号',
  'Tidegate is up: {places!}; API {url}; state {state}':
    'Tidegate 已启动：{places!}；API {url}；状态目录 {state}',
  'Tidegate already runs with {state} (process {pid}); `tidegate down` stops it (store.busy)':
    'Tidegate 已在使用 {state} 运行（进程 {pid}）；用 `tidegate down` 停止（store.busy）',
  'the gateway cannot start; its log in {folder} says why': '网关无法启动；原因见 {folder} 中的日志',
  'the controller cannot start; its log in {folder} says why': '控制器无法启动；原因见 {folder} 中的日志',
  'stopping: draining servers; again to kill': '正在停止：服务器摘流中；再按一次强制终止',
  '{part} adopted ({about!})': '{part} 已接管（{about!}）',
  '{part} started ({about!})': '{part} 已启动（{about!}）',
  '{part} adopted': '{part} 已接管',
  '{part} started': '{part} 已启动',
  '{part} is gone; started again in {time} ms': '{part} 已退出；{time} ms 后重新启动',
  '{part} is gone; started again in {time} ms ({about!})': '{part} 已退出；{time} ms 后重新启动（{about!}）',
  'fleets are left out here: {names!}; `tidegate up` runs them':
    '此处不运行机群：{names!}；请用 `tidegate up` 运行',
  'the gateway is up: {places!}': '网关已启动：{places!}',
  'nothing of {state} was running': '{state} 没有正在运行的内容',
  'stopped with their servers: {parts!}': '已连同其服务器一起停止：{parts!}',
  'stopped with their servers: {parts!}; {more...}': '已连同其服务器一起停止：{parts!}；{more...}',
  'servers that nobody looked after: {count} stopped': '无人看管的服务器：已停止 {count} 台',
  '{balancer}: {id} was created for it and is deleted': '{balancer}：为其创建的 {id} 已释放',
  'the load balancer of {balancer} is left: {why...}': '{balancer} 的负载均衡仍保留：{why...}',
  'the {part} still runs (process {pid}): kill it, then run this again':
    '{part} 仍在运行（进程 {pid}）：请将其杀死后重新执行',
  'no load balancer is deleted: what still runs may create it again':
    '未释放任何负载均衡：仍在运行的进程可能再次创建',
  '{key} may have servers of {former!} yet; give that of {now!} another name, so that they leave, or stop them by `tidegate down`':
    '{key} 可能仍有 {former!} 的服务器；请给 {now!} 的机群另起名称，以便它们退出，或用 `tidegate down` 停止它们',
  '{file}: {key} may have servers of {former!} yet; give that of {now!} another name, so that they leave, or stop them by `tidegate down`':
    '{file}：{key} 可能仍有 {former!} 的服务器；请给 {now!} 的机群另起名称，以便它们退出，或用 `tidegate down` 停止它们',
  'servers of {fleet} may be left: {why...}': '{fleet} 可能有残留服务器：{why...}',
  '{file}: port {port} ({place!}, {key}) is taken by {holder...}; stop it, or set {name} to another port':
    '{file}：端口 {port}（{place!}，{key}）已被 {holder...} 占用；请停止它，或将 {name} 改为其他端口',
  '{file}: port {port} ({place!}, {key}) may not be opened by this user; set {name} to a port above 1023':
    '{file}：当前用户无权打开端口 {port}（{place!}，{key}）；请将 {name} 设为大于 1023 的端口',
  '{file}: {place} ({key}) cannot be opened: {code}; set {name} to an address of this machine':
    '{file}：{place}（{key}）无法打开：{code}；请将 {name} 设为本机地址',
  'another process': '另一个进程',
  'process {pid} ({name!})': '进程 {pid}（{name!}）',
  'process {pid} is the gateway now; the former one ends with its last connection, or in {duration...}':
    '进程 {pid} 现在是网关；旧网关在其最后一个连接结束时或 {duration...} 后退出',
}
