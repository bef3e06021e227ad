import type { Catalog } from '../translate.ts'

/** The help of commands, and what commander says by itself. */
export const HELP: Catalog = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '全局选项：',
  'Commands:': '命令：',
  'display help for command': '显示命令的帮助',
  'output the version number': '输出版本号',
  '{text...} (default: {value!})': '{text...}（默认：{value!}）',
  '(default: {value!})': '（默认：{value!}）',
  '{text...} (choices: {list!}, default: {value!})': '{text...}（可选：{list!}；默认：{value!}）',
  '{text...} (choices: {list!})': '{text...}（可选：{list!}）',
  '(choices: {list!}, default: {value!})': '（可选：{list!}；默认：{value!}）',
  "error: option '{flags!}' argument '{value!}' is invalid. {why...}":
    '错误：选项 {flags!} 的参数 {value!} 无效。{why...}',
  "error: command-argument value '{value!}' is invalid for argument '{name!}'. {why...}":
    '错误：参数 {name!} 的值 {value!} 无效。{why...}',
  "error: missing required argument '{name!}'": '错误：缺少必需的参数 {name!}',
  "error: option '{flags!}' argument missing": '错误：选项 {flags!} 缺少参数',
  "error: required option '{flags!}' not specified": '错误：未指定必需的选项 {flags!}',
  "error: unknown option '{flag!}'": '错误：未知选项 {flag!}',
  "error: unknown command '{name!}'": '错误：未知命令 {name!}',
  "error: too many arguments for '{command!}'. Expected {expected} arguments but got {received}: {details!}.":
    '错误：{command!} 的参数过多。应为 {expected} 个，实际为 {received} 个：{details!}。',
  "error: too many arguments for '{command!}'. Expected {expected} argument but got {received}: {details!}.":
    '错误：{command!} 的参数过多。应为 {expected} 个，实际为 {received} 个：{details!}。',
  '(Did you mean {name!}?)': '（您是否要输入 {name!}？）',
  '(Did you mean one of {names!}?)': '（您是否要输入其中之一：{names!}？）',
  'Expected a whole number from {min} to {max}.': '应为 {min} 到 {max} 的整数。',
  'Expected a duration such as 90s, 30m or 1h30m.': '应为时长，例如 90s、30m 或 1h30m。',
  'Allowed choices are {list!}.': '可选值为 {list!}。',
  'what to do': '要做的操作',
  'error: a file or a Prometheus, not both': '错误：文件与 Prometheus 只能二选一',
  'An elastic load balancer: carries traffic, and starts and retires the servers behind it.':
    '弹性负载均衡器：承载流量，并启动和回收其后的服务器。',
  'the configuration; tells where the state and the API are (default: ./tidegate.yaml)':
    '配置文件；说明状态目录与 API 的位置（默认：./tidegate.yaml）',
  'the admin API (default: as the configuration says, else http://127.0.0.1:9900)':
    '管理 API（默认：以配置为准，否则为 http://127.0.0.1:9900）',
  'a file that holds a token for the admin API (default: TIDEGATE_TOKEN, else that of the state directory)':
    '存放管理 API 令牌的文件（默认：TIDEGATE_TOKEN，否则为状态目录中的令牌）',
  'print JSON': '输出 JSON',
  'write a first configuration; asks what no option says': '编写首份配置；选项未说明的内容会逐项询问',
  'what to write (default: --config, else ./tidegate.yaml)':
    '要写入的文件（默认：--config，否则为 ./tidegate.yaml）',
  'ask nothing: the defaults, with an example server where no option names another':
    '不询问：使用默认值，未用选项指定服务器时用示例服务器',
  'a command that Tidegate starts as often as servers are needed': '由 Tidegate 按所需服务器数量启动的命令',
  'servers that run already, with commas: 10.0.0.7:8080,10.0.0.8:8080':
    '已在运行的服务器，用逗号分隔：10.0.0.7:8080,10.0.0.8:8080',
  'for the traffic (default: 8080)': '流量端口（默认：8080）',
  'servers at least (default: 2)': '最少服务器数（默认：2）',
  'servers at most (default: 10)': '最多服务器数（默认：10）',
  'what a health check asks for; `tcp` = it only connects': '健康检查请求的路径；`tcp` = 仅建立连接',
  'a health check as JSON, keys such as Check and URL; - = stdin':
    'JSON 格式的健康检查，键如 Check 和 URL；- = 标准输入',
  'overwrite the file': '覆盖该文件',
  'the configuration (default: --config, else ./tidegate.yaml)':
    '配置文件（默认：--config，否则为 ./tidegate.yaml）',
  'start the gateway, the controller and the servers, and watch over them until Ctrl-C':
    '启动网关、控制器和服务器，并持续看护，直到 Ctrl-C',
  'drain and stop all that the state directory owns': '摘流并停止状态目录拥有的一切',
  'delete the load balancers that were created for the file, too': '同时释放为该文件创建的负载均衡',
  'run a gateway alone': '仅运行网关',
  'check a configuration and list every problem': '检查配置并列出所有问题',
  'a local Alibaba Cloud to try and test with: its API, and its servers as processes':
    '本地阿里云，用于试用和测试：提供其 API，服务器为本机进程',
  'on loopback; 0 = any': '回环地址上的端口；0 = 任意',
  'how many times faster than the cloud’s documented times': '比阿里云文档中的时间快多少倍',
  'its servers and load balancers have addresses in 127.n.0.0/16, so that several fit on one machine':
    '其服务器和负载均衡使用 127.n.0.0/16 中的地址，因此一台机器上可以同时运行多个',
  'what the gateway can do, and who can do what it cannot': '网关能做什么，以及它不能做的由谁来做',
  'print the version': '输出版本',
  'fleets, servers and pools as they are now': '机群、服务器和后端池的当前状态',
  'again each second, until Ctrl-C': '每秒刷新，直到 Ctrl-C',
  'what would be done next, and by `up` where nothing runs; exit code 0 = nothing, 3 = something':
    '下一步将做什么，未运行时为 `up` 将做什么；退出码 0 = 无，3 = 有',
  'whether traffic to the internet costs less by traffic or by bandwidth, and what each costs':
    '公网按流量还是按带宽计费更省，以及各自的费用',
  'CSV of timestamp,value in bits a second; also with gzip (default: the history)':
    'CSV：时间戳,值（比特每秒）；也可为 gzip（默认：历史数据）',
  'whose traffic, where it was measured (default: the only one)': '实测流量属于哪个机群（默认：唯一的机群）',
  'time between two values': '两个值之间的时间',
  'so much more bandwidth is bought than the peak': '所购带宽比峰值多出的比例',
  'of the configuration: its price, where --price is left out': '配置中的机群：未给出 --price 时使用其价格',
  'what fleets cost and have cost, beside a fixed fleet and the least possible':
    '机群的当前与累计费用，并与固定机群和理论最低值比较',
  'what to ask it, in bits a second (default: that of the metric)':
    '查询语句，单位为比特每秒（默认：该指标的查询语句）',
  'what has come of it in a line a fleet; exit code 0 = the same, 3 = it differs':
    '每个机群一行结论；退出码 0 = 相同，3 = 有差异',
  'such as "server-hours <= 100%" of the active one; exit code 1 where it is not so, else 0':
    '例如 "server-hours <= 100%"（相对当前配置）；不成立时退出码为 1，否则为 0',
  'so long both must have been compared': '两者至少须比较这么久',
  'from when on, or how far back to look; 60d at most': '起点，或向前查看多久；至多 60d',
  'let another configuration decide beside the active one, and show how it differs':
    '让另一份配置与当前配置并行决策（影子模式），并显示差异',
  'the other configuration (left out: show how it differs)': '另一份配置（省略：显示差异）',
  'end it': '结束',
  'error: a file or --stop, not both': '错误：文件与 --stop 只能二选一',
  'how it differs from other ways to scale since then, such as -1d':
    '自该时刻起与其他扩缩方式的差异，例如 -1d',
  'why a fleet has as many servers as it has, and why not another number':
    '机群为什么是现在的服务器数量，而不是别的数量',
  'all when left out': '省略时为全部',
  'the newest events, a line each': '最新的事件，每行一个',
  'and those to come, until Ctrl-C': '并持续显示后续事件，直到 Ctrl-C',
  'how many to begin with': '起始条数',
  'what servers have written, or the gateway, the controller, or the log of requests':
    '服务器的输出，或网关、控制器的日志，或请求日志',
  'servers, fleets, access, gateway or controller (default: every server)':
    '服务器、机群、access、gateway 或 controller（默认：所有服务器）',
  'and what is to come, until Ctrl-C': '并持续显示后续内容，直到 Ctrl-C',
  'how many of each to begin with': '每份日志的起始行数',
  'who changed what through the API, from what and to what': '谁通过 API 变更了什么，从什么变为什么',
  'how many': '数量',
  'make a token for the admin API; it is printed once, and admin.tokens keeps its hash':
    '生成管理 API 的令牌；仅输出一次，admin.tokens 保存其哈希',
  'who is to hold it': '持有者',
  'what it allows': '允许的操作',
  'load the configuration anew; a bad one is refused and the old one stays':
    '重新加载配置；有误的配置会被拒绝，原配置继续生效',
  'take a server out of every pool, until `ready`': '将服务器从所有后端池摘流，直到 `ready`',
  'let a drained server serve again': '让已摘流的服务器重新服务',
  'stop scaling a fleet, until `resume`': '暂停机群的伸缩，直到 `resume`',
  'scale a fleet by its policies again': '恢复机群按策略伸缩',
  'put a new server in the place of each that there is now, one batch after another':
    '分批用新服务器替换现有的每台服务器',
  'promote a canary, abort it, hold it where it is, or let it go on': '灰度全量、中止、保持或继续',
  'want exactly this many servers, inside min and max, for a time':
    '在一段时间内固定为指定数量的服务器（不超出 min 和 max）',
  'how long': '持续时间',
  'print what makes a shell complete commands, options and names; the text says where to put it':
    '输出使 shell 补全命令、选项和名称的脚本；其中说明了存放位置',
  'a metric over time: 1 s for an hour, 10 s for a day, 5 min for 60 days':
    '指标随时间的变化：1 秒粒度保留一小时，10 秒粒度保留一天，5 分钟粒度保留 60 天',
  'left out: every series there is': '省略：所有序列',
  'left out: every series of the fleet': '省略：该机群的所有序列',
  'such as -1h, 2026-01-01T00:00:00Z or seconds since the epoch (default: -1h)':
    '例如 -1h、2026-01-01T00:00:00Z 或 Unix 秒（默认：-1h）',
  'the end (default: now)': '终点（默认：now）',
  'a point each (default: what gives at most 1000 points)': '点的间隔（默认：使点数不超过 1000）',
  'print CSV': '输出 CSV',
  'take samples of the past, of a CSV file or a Prometheus: all or none, and twice is as once':
    '从 CSV 文件或 Prometheus 导入历史样本：要么全部导入，要么都不导入，重复导入与一次相同',
  'CSV under the header timestamp,value; also with gzip': '表头为 timestamp,value 的 CSV；也可为 gzip',
  whose: '所属机群',
  'of what, in its base unit': '指标，使用其基本单位',
  'an address or a source of the file (default: that of the metric)':
    '地址，或配置中的数据源（默认：该指标的数据源）',
  'what to ask it (default: that of the metric)': '查询语句（默认：该指标的查询）',
  'Of a Prometheus: --from (default: -60d), --to (default: now), --step (default: 1m)':
    '使用 Prometheus 时：--from（默认：-60d）、--to（默认：now）、--step（默认：1m）',
  'start the gateway anew, as it is installed now, without losing a connection':
    '按现在安装的版本重新启动网关，不丢失任何连接',
  'how long connections of the former one may go on': '旧网关的连接最多还可持续多久',
}
