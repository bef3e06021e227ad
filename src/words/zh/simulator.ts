import type { Catalog } from '../translate.ts'

/** What the simulator says of traces and results. */
export const SIMULATOR: Catalog = {
  'only {span} of load count after the warm-up, and {least} are needed to tell anything: a start-up and {more}; try again when there is more, or give a shorter --warm-up or --startup':
    '预热之后只有 {span} 的负载计入统计，至少需要 {least}（一次启动时间加 {more}）才能得出结论；请待数据更多时再试，或缩短 --warm-up 或 --startup',
  'an instant such as 1767225600 or 2026-01-01T00:00:00Z': '形如 1767225600 或 2026-01-01T00:00:00Z 的时刻',
  'expected at least 2 values, got {count}': '至少应有 2 个值，实际为 {count} 个',
  'all lines have the same timestamp': '所有行的时间戳相同',
  'all samples have the same timestamp': '所有样本的时间戳相同',
  '{span} in steps of {step} are more than {count}; give a longer step':
    '以 {step} 为步长划分 {span} 会超过 {count} 步；请给出更长的步长',
  'negative values, taken as missing: {count} (first in line {line})':
    '负值，按缺失处理：{count} 个（首个在第 {line} 行）',
  'lines without a value: {count} (first in line {line})': '没有值的行：{count} 行（首个在第 {line} 行）',
  'lines out of order, sorted: {count} (first in line {line})':
    '顺序错乱的行，已排序：{count} 行（首个在第 {line} 行）',
  'negative values, taken as missing: {count} (first at {time!})':
    '负值，按缺失处理：{count} 个（首个在 {time!}）',
  'samples without a value: {count} (first at {time!})': '没有值的样本：{count} 个（首个在 {time!}）',
  'samples out of order, sorted: {count} (first at {time!})':
    '顺序错乱的样本，已排序：{count} 个（首个在 {time!}）',
  'timestamps that repeat, their mean taken: {count}': '重复的时间戳，已取平均值：{count} 个',
  'steps of {step} without a value, bridged by a straight line: {count} of {all}, the longest gap {gap}':
    '没有值的 {step} 步，以直线补齐：{all} 中的 {count} 步，最长缺口 {gap}',
  'with --fleet the policies of that fleet decide, as "tidegate"':
    '使用 --fleet 时由该机群的策略决定，名为 "tidegate"',
  'there is no policy "{name!}"; expected some of {names!}': '没有策略 "{name!}"；应为以下几种：{names!}',
  '{policy} has no target; leave {target} out': '{policy} 没有目标值；请去掉 {target}',
  'expected a target from 1 to 100 percent after @, such as {example}, got "{text!}"':
    '@ 之后应为 1 到 100 的百分比目标，例如 {example}，实际为 "{text!}"',
  'expected a figure, <, <=, > or >=, and a value, such as "{example!}", got "{text!}"':
    '应为指标、<、<=、> 或 >= 以及值，例如 "{example!}"，实际为 "{text!}"',
  'there is no figure "{name!}"; expected one of {names!}': '没有指标 "{name!}"；应为其中之一：{names!}',
  'expected {what...} for {figure}, got "{text!}"': '{figure} 应为{what...}，实际为 "{text!}"',
  'a percentage such as {example}': '百分比，例如 {example}',
  'a duration such as {example}': '时长，例如 {example}',
  'a number such as {example}': '数字，例如 {example}',
  '{condition!}: {policy} has {value}': '{condition!}：{policy} 为 {value}',
  '{condition!}: no policy "{name!}" was simulated': '{condition!}：没有模拟策略 "{name!}"',
  'not so: {says...}': '不成立：{says...}',
  'at most {max} servers are fewer than at least {min}': '最多 {max} 台服务器少于最少 {min} 台',
  'assumed: a server carries {capacity} in {slots} slots and takes {startup} to start, a wait beyond {objective} violates, {load...}, seed {seed}':
    '假设：单台服务器承载 {capacity}（{slots} 个槽位），启动需 {startup}，等待超过 {objective} 即违约，{load...}，种子 {seed}',
  'the load is as it is': '负载保持原样',
  'its peak is scaled to {count} servers at 70 %': '峰值按 {count} 台服务器、利用率 70 % 缩放',
  'who knew the future kept servers at most 80 % full; whoever cost less filled them more than that':
    '预知未来者的服务器利用率至多 80 %；费用更低者的利用率超过此值',
  'no column is called value or mean: call the one that is the load so, of {columns!}':
    '没有名为 value 或 mean 的列：请将表示负载的列改为此名，现有列：{columns!}',
  '{counted} after {history} of history; who knew the future would have paid {hours} server-hours':
    '{history} 的历史之后统计 {counted}；预知未来者只需 {hours} 服务器小时',
  '--metrics: expected delay/period, such as 60s/60s, 60s/60s/1% with loss or hpa:15s/30s of one policy, got "{text!}"':
    '--metrics：应为“延迟/周期”，例如 60s/60s、带丢失率的 60s/60s/1%，或单个策略的 hpa:15s/30s，实际为 "{text!}"',
  '--metrics: "{name!}" does not take part; expected one of {names!}':
    '--metrics："{name!}" 没有参加；应为以下之一：{names!}',
  '{after} after the warm-up the load is over: it ends after {counted}':
    '预热后 {after} 负载已结束：它在 {counted} 后结束',
  '{file!} has the fleets {names!}; name one of them': '{file!} 中的机群为 {names!}；请指定其中之一',
  // headings
  POLICY: '策略',
  VIOLATIONS: '违约',
  DROPPED: '丢弃',
  'P95 WAIT': 'P95 等待',
  'P99 WAIT': 'P99 等待',
  'SERVER-HOURS': '服务器小时',
  COST: '成本',
  KWH: '千瓦时',
  'KG CO2E': '千克 CO2e',
  'TO CLAIRVOYANT': '相对预知者',
  'TO FIXED PEAK': '相对固定峰值',
  'CHANGES A DAY': '每日变更',
  // report
  '{shown} of {all} decisions to change the fleet, the newest': '{all} 次变更机群的决策中最新的 {shown} 次',
  'cost to the right, violations upwards (logarithmic): lower left is better':
    '向右为成本，向上为违约（对数）：左下更优',
  'load and capacity over time': '负载与容量随时间的变化',
  load: '负载',
  'what the servers carry': '服务器能承载的',
  'the report is in {file!}': '报告在 {file!}',
  // why policies want what they want
  'never changes': '从不变更',
  'no data': '没有数据',
  'no alarm': '没有告警',
  'cpu above {share} for {time}': 'CPU 高于 {share} 已 {time}',
  'cpu below {share} for {time}': 'CPU 低于 {share} 已 {time}',
  'cpu between {low} and {high}': 'CPU 在 {low} 与 {high} 之间',
  'metrics ask for {raw}, stabilized {stable}': '指标需要 {raw}，稳定后为 {stable}',
  'stable window needs {count}': '稳定窗口需要 {count}',
  'panic: the last {time} need {count}': '恐慌：最近 {time} 需要 {count}',
  'needs {count} now, {peak} at the peak of the last {time}':
    '现在需要 {count}，最近 {time} 的峰值需要 {peak}',
  'cpu above the target for {time}, needs {count}': 'CPU 高于目标已 {time}，需要 {count}',
  'cpu below {share} of the target for {time}, needs {count}':
    'CPU 低于目标的 {share} 已 {time}，需要 {count}',
  'servers are warming up': '服务器正在预热',
  'the forecast for the hour needs {count}': '该小时的预测需要 {count}',
  'an activity is in progress': '有伸缩活动正在进行',
  'write a report with load, capacity and decisions over time': '写出负载、容量与决策随时间变化的报告',
  // help
  'run ways to scale through recorded load: what each would have cost, and who would have waited':
    '用记录的负载检验各种伸缩方式：各自的成本，以及有多少请求会等待',
  'CSV of timestamp,value; also with gzip': 'timestamp,value 的 CSV；也可为 gzip 压缩',
  'load that was measured, in place of a file': '以测得的负载代替文件',
  'of what, where it was measured': '测得的是哪个指标',
  // advice by what was recorded
  'advice from figures, and from what was recorded': '根据数字与已记录的数据给出建议',
  'which metric a fleet should follow, by what moved with its latency; with --qps, how many servers a load needs: to carry it, to grow, and to lose a zone':
    '根据哪些指标随延迟变化，建议机群应跟随的指标；给出 --qps 时计算负载需要多少台服务器：承载、增长、失去一个可用区',
  'of the configuration; may be left out where it has only one': '配置中的机群；只有一个时可省略',
  'where metrics were recorded (default: the journal)': '指标记录在哪里（默认：日志）',
  'metrics from a file in place of that: timestamp and a column a metric':
    '改从文件读取指标：timestamp 及每个指标一列',
  'that tells how long requests take': '表示请求耗时的指标',
  '`--qps` and `--per-server` belong together; without both, what was recorded is asked':
    '`--qps` 与 `--per-server` 须同时给出；都不给时查询已记录的数据',
  '--trace or --from, not both': '--trace 与 --from 只能二选一',
  'give one of `--csv FILE` and `--from`': '`--csv FILE` 与 `--from` 只能给出一个',
  'the configuration has no metric of a Prometheus; add some to its section metrics':
    '配置中没有来自 Prometheus 的指标；请在 metrics 节中添加',
  '{fleet}: {count} steps of {step}': '{fleet}：{count} 步，每步 {step}',
  '{fleet}: {count} steps of {step}; the load of a server varied by a factor of {factor}':
    '{fleet}：{count} 步，每步 {step}；每台服务器负载的变化倍数为 {factor}',
  METRIC: '指标',
  'MOVES WITH': '随之变化',
  'AHEAD BY': '提前',
  STEPS: '步数',
  'may be chance': '可能出于偶然',
  'advice: {why...}': '建议：{why...}',
  'no advice: {why...}': '无建议：{why...}',
  'the load of a server is not known: neither rps-per-server nor in-flight-per-server is there':
    '每台服务器的负载未知：既无 rps-per-server 也无 in-flight-per-server',
  'the load of a server varied by a factor of only {factor}; at least {least} is needed to tell what moves with it':
    '每台服务器的负载变化倍数仅为 {factor}；至少需要 {least} 才能判断哪些指标随之变化',
  'no metric moved with latency or errors: nothing was near its limit':
    '没有指标随延迟或错误变化：没有接近极限',
  '{metric} moves with {signal}, but servers were never near the knee of their latency: no target can be told yet':
    '{metric} 随 {signal} 变化，但服务器从未接近延迟拐点：尚无法给出目标值',
  '{metric} moves with {signal} (Spearman {rho}), and latency knees at {value}':
    '{metric} 随 {signal} 变化（Spearman {rho}），延迟在 {value} 处出现拐点',
  'from when on, where it was measured': '测得的负载从何时起',
  'time between two values (default: the median, of a Prometheus 1m, else as fine as it is kept)':
    '相邻两个值的时间间隔（默认：中位数；Prometheus 为 1m；否则为所保留的最细粒度）',
  'give one of `--trace FILE`, `--from prometheus` and `--from journal`':
    '请给出 `--trace FILE`、`--from prometheus`、`--from journal` 之一',
  'write --fleet: there is no configuration that names one': '请写出 --fleet：没有给出机群的配置',
  'the history has nothing of {metric} of {fleet} in this range': '历史在此范围内没有 {fleet} 的 {metric}',
  '{metric} of {fleet}: {problem...}': '{fleet} 的 {metric}：{problem...}',
  'with commas, each with its target in percent after @': '用逗号分隔，@ 之后为各自的百分比目标',
  'tidegate decides by this fleet of the configuration; its load, of --from':
    'tidegate 按配置中的这个机群决策；--from 时为其负载',
  'from the launch of a server until it serves': '从启动一台服务器到它开始服务',
  'from the launch of a server until it serves (default: as the fleet, else 120s)':
    '从启动一台服务器到它开始服务（默认：与机群相同，否则为 120s）',
  'a retired server may finish what it holds for so long, and is paid for':
    '被缩容的服务器可以用这么久完成手头的请求，期间照常计费',
  'from joining until a server carries all that it can (default: at once)':
    '服务器加入后到能承载全部负载的时间（默认：立即）',
  'a client waits no longer (default: twice the objective, and at least 5s)':
    '客户端最多等待这么久（默认：目标的两倍，且至少 5s）',
  'servers are spread over so many': '服务器均匀分布在这么多可用区',
  'so long after the warm-up one zone is lost': '预热后经过这么久，失去一个可用区',
  'so long after the warm-up the vendor has no more servers': '预热后经过这么久，厂商没有更多服务器',
  'for this time': '持续这么久',
  'delay, period and loss of what is measured, such as 60s/60s/1%, or of one policy: hpa:15s/30s':
    '测量数据的延迟、周期和丢失率，例如 60s/60s/1%；或只针对一个策略：hpa:15s/30s',
  'of a lognormal distribution around it': '围绕它的对数正态分布的 sigma',
  'launches that come to nothing, 0 to 1': '启动失败的比例，0 到 1',
  'requests a second that a server carries': '每台服务器每秒承载的请求数',
  'requests a second that a server carries (default: as the fleet, else 80)':
    '每台服务器每秒承载的请求数（默认：与机群相同，否则为 80）',
  'requests that a server works on at once': '每台服务器同时处理的请求数',
  'scale the load until its peak needs so many at 70 % (default: not that of a fleet, else 40)':
    '缩放负载，使其峰值在 70 % 时需要这么多服务器（默认：机群的负载不缩放，否则为 40）',
  'take its values as requests a second instead': '改为将数值视为每秒请求数',
  'the longest wait that is no violation': '不算违约的最长等待',
  'history before it counts, at most half of the trace': '开始统计之前的历史，最多为一半',
  'at least (default: as the fleet, else 2)': '最少（默认：与机群相同，否则为 2）',
  'at most (default: as the fleet, else twice what the peak needs)':
    '最多（默认：与机群相同，否则为峰值所需的两倍）',
  'of a server for an hour': '每台服务器每小时的价格',
  'of a server for an hour (default: as the fleet)': '每台服务器每小时的价格（默认：与机群相同）',
  'repeats the chance of arrivals and start-ups': '使到达和启动的随机性可重复',
  'such as "violations < 0.5%"; exit code 1 where it is not so':
    '例如 "violations < 0.5%"；不成立时退出码为 1',
  // replay
  'decide the recorded ticks anew by the configuration as it is now; exit code 0 = nothing differs, 3 = something':
    '按现在的配置重新决策已记录的各次循环；退出码 0 = 无不同，3 = 有不同',
  'one fleet (default: all of the configuration)': '一个机群（默认：配置中的全部）',
  'such as -1h, 2026-01-01T00:00:00Z or seconds since the epoch': '例如 -1h、2026-01-01T00:00:00Z 或 Unix 秒',
  'leave out what is decided as then': '省略与当时相同的决策',
  'the journal has no ticks in this range': '日志在此范围内没有记录',
  'the journal has no ticks in this range of {fleet}': '日志在此范围内没有 {fleet} 的记录',
  'there is no journal in {folder!}: nothing has run there yet': '{folder!} 中没有日志：尚未在那里运行过',
  '{when!}: wanted {recorded}, would want {now}': '{when!}：当时希望 {recorded} 台，现在会希望 {now} 台',
  '{when!}: wants {now} as then': '{when!}：与当时相同，希望 {now} 台',
  'then: {reason...}': '当时：{reason...}',
  'now: {reason...}': '现在：{reason...}',
  'the reasons are no longer kept': '原因已不再保留',
  '{fleet}, {from!} to {to!}: {differing} of {all} ticks would differ ({share})':
    '{fleet}，{from!} 至 {to!}：{all} 次循环中 {differing} 次会不同（{share}）',
  '{fleet} wanted {hours} server-hours then, and would want {other} now':
    '{fleet} 当时希望 {hours} 服务器小时，现在会希望 {other} 服务器小时',
  'the journal of {fleet} begins at {time!}': '{fleet} 的日志始于 {time!}',
  'times without ticks of {fleet}, which do not count: {count}, the longest {span}':
    '{fleet} 没有循环的时段（不计入）：{count} 个，最长 {span}',
  '{metric} was not read then, and the history has nothing of it: policies that go by it have no opinion; `tidegate history import` gives it a past':
    '当时没有读取 {metric}，历史中也没有：依据它的策略弃权；可用 `tidegate history import` 导入其历史',
  '{metric} was not read by every tick; where it is missing, means of {step} from the history stand for it':
    '并非每次循环都读取了 {metric}；缺少之处以历史中 {step} 的平均值代替',
  '{policy} has no opinion in {count} of {ticks} ticks of {fleet}: nobody had looked ahead at {metric} then; {command!} tells what it makes of the load':
    '{fleet} 的 {ticks} 次循环中有 {count} 次 {policy} 弃权：当时没有对 {metric} 作过预测；它对这一负载的判断可用 {command!} 查看',
  'ticks that an earlier version wrote, without orders, failed launches and what could not be seen: {count}':
    '由更早版本写入的循环，不含指令、失败的启动和无法观察的情况：{count} 次',
  // advise
  'requests a second at the peak': '峰值时每秒的请求数',
  'how far servers are used as a rule': '平时服务器的使用程度',
  'how far while servers start or a zone is lost': '服务器启动期间或失去一个可用区时的使用程度',
  'by which share of itself the load may grow in a minute': '负载一分钟内最多增长的比例',
  'that servers are spread over; 1 = none can be lost': '服务器分布的可用区数；1 = 不能失去任何一个',
  'the longest wait that is not late': '不算迟的最长等待',
  'a limit of {limit} is below the target of {target}; give a --limit of at least that':
    '上限 {limit} 低于目标 {target}；请给出不低于目标的 --limit',
  SERVERS: '服务器',
  COUNT: '数量',
  USED: '使用',
  LATE: '迟到',
  'A MONTH': '每月',
  'kept busy': '恰好全忙',
  'used to {share} at most': '最多使用 {share}',
  'with growth of {share} a minute until others have started': '在其他服务器启动之前每分钟增长 {share}',
  'with one of {count} zones to lose': '可失去 {count} 个可用区之一',
  'what is left when it is lost': '失去之后剩下的',
  'late: waits longer than {time} before a server begins with it': '迟到：服务器开始处理之前等待超过 {time}',
  'Expected a percentage from {min} to {max}, such as 70%.': '应为 {min} 到 {max} 的百分比，例如 70%。',
  'Expected a number from {min} to {max}.': '应为 {min} 到 {max} 的数字。',
}
