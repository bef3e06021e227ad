import type { Catalog } from '../translate.ts'

/** Problems of a configuration: where they are, and what is wrong. */
export const CONFIG: Catalog = {
  '{file}:{line}:{column}: {says...}': '{file}:{line}:{column}: {says...}',
  '{file}:{line}:{column}: warning: {says...}': '{file}:{line}:{column}: 警告：{says...}',
  '{path}: {says...}': '{path}：{says...}',
  '{file}: 1 setting is outside its advised range; `tidegate validate {name}` tells what that does':
    '{file}：1 项设置超出建议范围；影响见 `tidegate validate {name}`',
  '{file}: {count} settings are outside their advised range; `tidegate validate {name}` tells what that does':
    '{file}：{count} 项设置超出建议范围；影响见 `tidegate validate {name}`',
  '{says...}; {file}: 1 setting is outside its advised range; `tidegate validate {name}` tells what that does':
    '{says...}；{file}：1 项设置超出建议范围；影响见 `tidegate validate {name}`',
  '{says...}; {file}: {count} settings are outside their advised range; `tidegate validate {name}` tells what that does':
    '{says...}；{file}：{count} 项设置超出建议范围；影响见 `tidegate validate {name}`',
  'missing; expected {what...}': '缺失；应为{what...}',
  'missing; {says...}': '缺失；{says...}',
  'expected {what...}, got a mapping': '应为{what...}，实际为映射',
  'expected {what...}, got a list': '应为{what...}，实际为列表',
  '{says...}, got a mapping': '{says...}，实际为映射',
  '{says...}, got a list': '{says...}，实际为列表',
  'expected {what...}, got {written!}': '应为{what...}，实际为 {written!}',
  'expected {what...}, got {written!}; did you mean {name!}?':
    '应为{what...}，实际为 {written!}；是否为 {name!}？',
  '{says...}, got {written!}': '{says...}，实际为 {written!}',
  'expected {what...}': '应为{what...}',
  'did you mean {name!}?': '是否为 {name!}？',
  'known: {names!}': '可用：{names!}',
  'unknown key': '未知的键',
  'unknown key; did you mean {name!}?': '未知的键；是否为 {name!}？',
  'unknown key; known: {names!}': '未知的键；可用：{names!}',
  '{written}: advised at least {least}; {effect...}': '{written}：建议至少 {least}；{effect...}',
  '{written}: advised at most {most}; {effect...}': '{written}：建议至多 {most}；{effect...}',
  '{written}: advised {least} to {most}; {effect...}': '{written}：建议 {least} 到 {most}；{effect...}',
  'below that, {effect...}': '低于此值，{effect...}',
  'above that, {effect...}': '高于此值，{effect...}',
  // canaries
  'it is the pool that the rule has already; expected another one':
    '与规则已有的后端池相同；应为另一个后端池',
  'nothing would ever move; expected at least 0.01%': '永远不会有请求转移；至少应为 0.01%',
  'it needs the pool of before: pool': '缺少原有的后端池：pool',
  'another canary is called {name}; expected a name: of its own': '已有灰度名为 {name}；应以 name: 另取名称',
  '{name} is no name for a canary; expected name: with one of at most 29 letters':
    '{name} 不能作为灰度的名称；应以 name: 给出至多 29 个字母的名称',
  // YAML
  'nested too deeply': '嵌套过深',
  'nested too deeply; is this an alias inside itself?': '嵌套过深；别名是否引用了自身？',
  'not valid YAML: {why!}': '不是有效的 YAML：{why!}',
  'more than {count} values; are aliases multiplying each other?': '超过 {count} 个值；别名是否在相互倍增？',
  'nothing before this is anchored as &{name}': '此前没有锚点 &{name}',
  'a key must be a word': '键必须是单词',
  'this key is here twice': '该键重复出现',
  'only mappings can be merged with <<': '只有映射可以用 << 合并',
  'cannot be read: {why...}': '无法读取：{why...}',
  '{file}: cannot be read: {why...}': '{file}：无法读取：{why...}',
  'larger than 1 MiB; expected a configuration file': '大于 1 MiB；应为配置文件',
  'too large for a secret': '作为密钥过大',
  '{placeholder}: {why...}': '{placeholder}：{why...}',
  'the environment variable {name} is not set': '环境变量 {name} 未设置',
  'the file {path} cannot be read': '文件 {path} 无法读取',
  'the file {path} cannot be read ({code})': '文件 {path} 无法读取（{code}）',
  'the file {path} cannot be read: {code}': '文件 {path} 无法读取：{code}',
  'whoever reaches this listener can say to be any client; name the proxies in trusted-proxies':
    '任何能连到该监听器的人都可以冒充任意客户端；请在 trusted-proxies 中列出代理',
  // names
  'no pool is named {name}': '没有名为 {name} 的后端池',
  'no pool is named {name}; {hint...}': '没有名为 {name} 的后端池；{hint...}',
  'no fleet is named {name}': '没有名为 {name} 的机群',
  'no fleet is named {name}; {hint...}': '没有名为 {name} 的机群；{hint...}',
  'no source is named {name}; {hint...}': '没有名为 {name} 的数据源；{hint...}',
  'no driver is named {name}; {hint...}': '没有名为 {name} 的驱动；{hint...}',
  'no driver of balancers is named {name}; {hint...}': '没有名为 {name} 的负载均衡器驱动；{hint...}',
  'no balancer is named {name}; {hint...}': '没有名为 {name} 的负载均衡器；{hint...}',
  'no pool names this balancer': '没有后端池使用该负载均衡器',
  '{name} is the name of our own; give this balancer another name':
    '{name} 是自带网关的名称；请为该负载均衡器改名',
  '{kind} cannot do this; these can: {others!}': '{kind} 不支持此项；支持的有：{others!}',
  'pool {pool} is of balancer {other}, and this listener of {own}; expected the same':
    '后端池 {pool} 属于负载均衡器 {other}，而该监听属于 {own}；两者应一致',
  'balancer {name} does not tell what is in flight, so that a server would never leave; expected a duration such as {example}':
    '负载均衡器 {name} 不提供处理中的请求数，服务器将永远无法离开；应为时长，例如 {example}',
  '{metric} is measured by our own gateway, and no pool of this fleet is there; the policy will abstain':
    '{metric} 由自带网关测量，而该机群没有后端池在那里；该策略将弃权',
  'no driver of metrics is named {name}; {hint...}': '没有名为 {name} 的指标驱动；{hint...}',
  'no metric is named {name}; {hint...}': '没有名为 {name} 的指标；{hint...}',
  'this file defines no pool': '本文件没有定义后端池',
  'this file defines no fleet': '本文件没有定义机群',
  'this file defines no source': '本文件没有定义数据源',
  'a policy of this fleet is named {name} already (line {line}); give one of them another name':
    '该机群已有名为 {name} 的策略（第 {line} 行）；请为其中之一改名',
  'a policy of this fleet is named {name} already ({line...}); give one of them another name':
    '该机群已有名为 {name} 的策略（{line...}）；请为其中之一改名',
  'line {line}': '第 {line} 行',
  '{name} is here twice': '{name} 重复出现',
  'nothing stands behind it; expected text, or no {key}': '其后没有内容；应填写文本，或去掉 {key}',
  '{address} is in this pool twice, first on line {line}':
    '{address} 在该后端池中出现两次，首次在第 {line} 行',
  '{address} is in this pool twice, first on {line...}': '{address} 在该后端池中出现两次，首次在{line...}',
  // listeners
  '{bind} is taken by {who...}, which binds {other}': '{bind} 已被{who...}占用，后者绑定 {other}',
  'it sends traffic nowhere; expected rules, pool or both': '没有流量去向；应有 rules、pool 或两者',
  'a {protocol} listener sees no hosts and paths, so it has no rules; expected only pool':
    '{protocol} 监听器看不到主机名和路径，因此没有规则；只应有 pool',
  'a udp listener has no connections that a header could begin': 'udp 监听器没有可由头部开始的连接',
  'a udp listener sends to this pool, and datagrams have no header':
    '有 udp 监听器向该后端池发送，而数据报没有头部',
  'has no effect on udp': '对 udp 无效',
  'a {protocol} listener needs a pool': '{protocol} 监听器需要后端池',
  'has no effect on {protocol}; a {listener} listener knows {limits...}':
    '对 {protocol} 无效；{listener} 监听器支持 {limits...}',
  'can never match: rules.{number} (line {line}) takes everything that it would':
    '永远不会匹配：rules.{number}（第 {line} 行）已匹配它的全部流量',
  'can never match: rules.{number} ({line...}) takes everything that it would':
    '永远不会匹配：rules.{number}（{line...}）已匹配它的全部流量',
  'missing; expected at least one listener, such as web: { bind: ":8080", pool: api }':
    '缺失；应至少有一个监听器，例如 web: { bind: ":8080", pool: api }',
  'others can reach this address, so it needs admin.tokens; without tokens, expected 127.0.0.1:9900 or [::1]:9900':
    '其他人可以访问该地址，因此需要 admin.tokens；没有令牌时应为 127.0.0.1:9900 或 [::1]:9900',
  'others can reach this address, and tokens travel to it unencrypted; put TLS in front of it, or use a private network':
    '其他人可以访问该地址，且令牌未经加密传输；请在前面加 TLS，或使用私有网络',
  // pools and fleets
  'it has no servers; expected servers, fleet or both': '没有服务器；应有 servers、fleet 或两者',
  'no listener sends anything to this pool': '没有监听器向该后端池发送流量',
  '{timeout} is not shorter than the interval of {interval}; checks of a slow server will overlap or be late':
    '{timeout} 不短于间隔 {interval}；对慢服务器的健康检查会重叠或延迟',
  'min {min} is more than max {max}': 'min {min} 大于 max {max}',
  'no pool names this fleet, so its servers get no traffic': '没有后端池引用该机群，其服务器收不到流量',
  'what a server can carry is learned from what the fleet carries, and no other policy asks for servers until then; give the fleet a capacity, such as capacity: 80, or a second policy, such as { type: target, metric: cpu, value: 70% }':
    '单台服务器的承载能力由机群的运行学得，在此之前没有其他策略要求服务器；请为其设置 capacity，例如 capacity: 80，或再加一条策略，例如 { type: target, metric: cpu, value: 70% }',
  'no policies: the fleet stays at min ({min}) and never comes to max ({max})':
    '没有策略：机群保持在 min（{min}），不会达到 max（{max}）',
  'bandwidth-free needs to know what the line carries; give gateway a bandwidth, such as bandwidth: 1Gbps':
    'bandwidth-free 需要知道线路带宽；请为 gateway 设置带宽，例如 bandwidth: 1Gbps',
  'driver {driver} does not measure {metric}, so that the policy will abstain; expected a metric of the section metrics, of a source such as cloudmonitor or prometheus':
    '驱动 {driver} 不采集 {metric}，该策略将弃权；应使用 metrics 一节中定义的、来自 cloudmonitor 或 prometheus 等来源的指标',
  'driver {driver} does not know what a server costs, so that the budget is never used up; give the fleet a price, such as price: { per-hour: 0.5 }':
    '驱动 {driver} 不知道服务器的价格，预算将永远不会用尽；请为机群设置 price，例如 price: { per-hour: 0.5 }',
  'memory has no data without a limit of memory, and this fleet sets none; the policy will abstain':
    '没有内存上限时 memory 没有数据，而该机群未设置上限；策略将弃权',
  'expected one of {names...}, got none': '应为 {names...} 之一，实际没有',
  'expected one of {names...}, got {given...}': '应为 {names...} 之一，实际为 {given...}',
  '{a} and {b}': '{a} 和 {b}',
  '{a}, {b} and {c}': '{a}、{b} 和 {c}',
  '{a}, {b} or {c}': '{a}、{b} 或 {c}',
  '{a}, {b}, {c} or {d}': '{a}、{b}、{c} 或 {d}',
  // metrics and policies
  'target, seasonal, forecast, step, schedule or calendar':
    'target、seasonal、forecast、step、schedule 或 calendar',
  'no metric names this source': '没有指标引用该数据源',
  '{name} has a meaning already; give this metric another name': '{name} 已有含义；请为该指标改名',
  'a name such as queue-depth, which starts with a letter': '名称，例如 queue-depth，以字母开头',
  'expected one of source (a name in sources:) and driver (with its own keys here)':
    '应为 source（sources: 中的名称）与 driver（其键写在此处）之一',
  'seasonal cannot follow {metric}: {why...}; use a policy of type step':
    'seasonal 不能依据 {metric}：{why...}；请改用类型为 step 的策略',
  'forecast cannot follow {metric}: {why...}; use a policy of type step':
    'forecast 不能依据 {metric}：{why...}；请改用类型为 step 的策略',
  'target cannot follow {metric}: {why...}; use a policy of type step':
    'target 不能跟随 {metric}：{why...}；请使用 step 类型的策略',
  'it does not change in proportion to the servers': '它不随服务器数量成比例变化',
  'did you mean {value}%?': '是否为 {value}%？',
  // schedules
  'neither: nothing says when the window closes': '两者皆无：没有说明时间窗何时结束',
  'until and duration': 'until 和 duration',
  'the window opens in the minute in which it closes, so it is always open':
    '时间窗在结束的同一分钟开始，因此始终生效',
  'expected min, max or both: this schedule changes nothing':
    '应有 min、max 或两者：该定时策略不产生任何变化',
  'max {max} is less than min {min} of the fleet, which is never left':
    'max {max} 小于机群的 min {min}，后者始终有效',
  'max {max} changes nothing: max of the fleet is {limit}': 'max {max} 不产生变化：机群的 max 为 {limit}',
  'min {min} is more than max {max} of the fleet, which is never left':
    'min {min} 大于机群的 max {max}，后者始终有效',
  'min {min} changes nothing: min of the fleet is {limit}': 'min {min} 不产生变化：机群的 min 为 {limit}',
  'expected at most {most} events, got {count}': '最多 {most} 个事件，实际 {count} 个',
  'expected multiplier, min or both: this event changes nothing':
    '应有 multiplier、min 或两者：该事件不产生任何变化',
  '{end} is not after start {start}': '{end} 不晚于开始时间 {start}',
  '{name!} is over: it ended at {end}': '{name!} 已过期：结束于 {end}',
  'this time has no offset and the policy no timezone; expected one of them':
    '该时间没有时差，策略也没有时区；应提供其一',
  'missing certificates; expected a list such as [ {example...} ]':
    '缺少 certificates；应为列表，例如 [ {example...} ]',
  'has no effect on {protocol}; expected protocol: https or protocol: tls':
    '对 {protocol} 不起作用；应为 protocol: https 或 protocol: tls',
  'what passes through is not decrypted; expected protocol: tls and no certificates':
    '透传的内容不会被解密；应为 protocol: tls 且没有 certificates',
  'has one of cert and key; expected both or neither': 'cert 与 key 只有其一；应两者都有或都没有',
  'is not the key of {cert}': '不是 {cert} 的私钥',
  '{file} is no private key in PEM without a passphrase': '{file} 不是没有口令的 PEM 私钥',
  '{file} is no certificate in PEM': '{file} 不是 PEM 证书',
  '{file} ended on {date...}': '{file} 已于 {date...} 到期',
  'a tls listener knows only host of a connection; expected match: {example...}':
    'tls 监听器只知道连接的 host；应为 match: {example...}',
  'there is no https listener; expected one, such as {example...}':
    '没有 https 监听器；应有一个，例如 {example...}',
  'is not shorter than total: no second attempt will have time': '不短于 total：第二次尝试没有时间',
  '{algorithm} needs hash: {example...} of the pool': '{algorithm} 需要后端池的 hash: {example...}',
  '{algorithm} needs hash: {example...} of the rule or of pool {pool}':
    '{algorithm} 需要本规则或后端池 {pool} 的 hash: {example...}',
  'requests are counted by one thing, and header is set already':
    '请求只能按一样东西计数，而 header 已经设置',
  'there is no such time': '不存在该时间',
  'the clocks of {zone} show this time twice; the first is taken, write {offset} behind it for the second':
    '{zone} 的时钟会两次显示该时间；取第一次，若要第二次请在其后写 {offset}',
  'the clocks of {zone} leave this time out; {taken} is taken': '{zone} 的时钟会跳过该时间；取 {taken}',
  'expected five fields, minute hour day month weekday, got {count}':
    '应为五个字段（分 时 日 月 周），实际 {count} 个',
  'expected five fields, minute hour day month weekday, got {count} (there are no seconds)':
    '应为五个字段（分 时 日 月 周），实际 {count} 个（没有秒）',
  'it never comes: no month that it names has such a day': '永远不会到来：所列月份没有这一天',
  '{item} is no {field...}; expected {what...}, a range such as {range}, * or */2':
    '{item} 不是{field...}；应为{what...}、范围（例如 {range}）、* 或 */2',
  'a step follows * or a range: {example}': '步长须跟在 * 或范围之后：{example}',
  'expected {what...} as minute, got {text!}': '分应为{what...}，实际为 {text!}',
  'expected {what...} as hour, got {text!}': '时应为{what...}，实际为 {text!}',
  'expected {what...} as day, got {text!}': '日应为{what...}，实际为 {text!}',
  'expected {what...} as month, got {text!}': '月应为{what...}，实际为 {text!}',
  'expected {what...} as weekday, got {text!}': '周应为{what...}，实际为 {text!}',
  'the range {range} goes backwards; expected {other}, or two ranges':
    '范围 {range} 颠倒；应为 {other}，或写成两个范围',
  'expected a step from 1 to {max}, got {text}': '步长应为 1 到 {max}，实际为 {text}',
  '{min} to {max}': '{min} 到 {max}',
  '{min} to {max} or {first} to {last}': '{min} 到 {max}，或 {first} 到 {last}',
  minute: '分',
  hour: '时',
  'day of the month': '日',
  day: '日',
  month: '月',
  weekday: '周',
  'day of the week': '周',
}
