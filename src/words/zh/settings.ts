import type { Catalog } from '../translate.ts'

/** What keys of the file may hold, and what values outside the advised range do. */
export const SETTINGS: Catalog = {
  // expected ...
  'a mapping': '映射',
  'a list': '列表',
  'a mapping of names to settings': '名称到设置的映射',
  'a mapping of keys to values': '键到值的映射',
  'a name of 1 to 29 lower-case letters, digits and hyphens': '名称，1 到 29 个小写字母、数字和连字符',
  '1 to 20 lower-case letters, digits and hyphens': '1 到 20 个小写字母、数字和连字符',
  '1 to 60 letters, digits, spaces and hyphens': '1 到 60 个字母、数字、空格和连字符',
  'letters, digits and hyphens': '字母、数字和连字符',
  'a duration such as {example}, of at most {max}': '时长，例如 {example}，至多 {max}',
  'a duration such as {example}, from {min} to {max}': '时长，例如 {example}，{min} 到 {max}',
  'a duration such as {example}, of at most {max}, or {word}': '时长，例如 {example}，至多 {max}，或 {word}',
  'a duration of whole seconds, from {min} to {max}': '整秒的时长，{min} 到 {max}',
  'a duration of at most {max}, like {example}': '时长，至多 {max}，例如 {example}',
  'a duration from {min} to {max}': '时长，{min} 到 {max}',
  'a duration, like {example}': '时长，例如 {example}',
  'a size such as {example}, from {min} to {max}': '大小，例如 {example}，{min} 到 {max}',
  'a number of requests a second above 0, or learned': '大于 0 的每秒请求数，或 learned',
  'a size of at least {min}, like {example}': '大小，至少 {min}，例如 {example}',
  'a bandwidth such as 500Mbps or 1Gbps': '带宽，例如 500Mbps 或 1Gbps',
  'a whole number from {min} to {max}': '{min} 到 {max} 的整数',
  'a whole number from {min} to {max}, or {word}': '{min} 到 {max} 的整数，或 {word}',
  'auto or a whole number from {min} to {max}': 'auto，或 {min} 到 {max} 的整数',
  'a share from 0% to 100%': '比例，0% 到 100%',
  'a share such as 50%, at most {most}': '比例，例如 50%，至多 {most}',
  'a share such as 70% or 0.7': '比例，例如 70% 或 0.7',
  'a number above 0, such as {example}': '大于 0 的数，例如 {example}',
  'a number above 0, such as {example} or {other}': '大于 0 的数，例如 {example} 或 {other}',
  'a number above 0, such as {example}, or a share of what a server can carry, up to 100%':
    '大于 0 的数，例如 {example}，或单台服务器承载能力的比例，至多 100%',
  'a number above 1, at most {most}': '大于 1 的数，至多 {most}',
  'a number or a quantity such as 70%': '数字或数量，例如 70%',
  '1 to {max} servers, or a share such as 20%, at most {most}':
    '1 到 {max} 台服务器，或比例，例如 20%，至多 {most}',
  'true or false': 'true 或 false',
  'an address such as {example!}': '地址，例如 {example!}',
  'an address {example!}': '地址，{example!}',
  'an address such as :8080 or 127.0.0.1:8080': '地址，例如 :8080 或 127.0.0.1:8080',
  'a time zone such as Asia/Shanghai or UTC': '时区，例如 Asia/Shanghai 或 UTC',
  'a time such as 2026-11-11T00:00': '时间，例如 2026-11-11T00:00',
  'a time such as 2026-11-11T00:00 or 2026-11-11T00:00+08:00':
    '时间，例如 2026-11-11T00:00 或 2026-11-11T00:00+08:00',
  'five fields of cron such as "0 22 * * *"': 'cron 的五个字段，例如 "0 22 * * *"',
  'a list of events': '事件列表',
  'a list of rules': '规则列表',
  'a list of policies': '策略列表',
  'a list of servers, each { address: "10.0.0.7:8080" }': '服务器列表，每项为 { address: "10.0.0.7:8080" }',
  'a list of paces, such as {example!}': '速率列表，例如 {example!}',
  'the kind of fleet': '机群的类型',
  'the kind of source': '数据源的类型',
  'the name of a pool': '后端池的名称',
  'the name of a source': '数据源的名称',
  'the name of a metric': '指标的名称',
  'the name of a fleet or a list of names': '机群的名称或名称列表',
  'a host such as example.org or *.example.org, without a port':
    '主机名，例如 example.org 或 *.example.org，不带端口',
  'a host name or a list of them': '主机名或其列表',
  'a path such as /exact or /prefix/*': '路径，例如 /exact 或 /prefix/*',
  'a path that starts with /': '以 / 开头的路径',
  'a path, or none': '路径，或 none',
  'a folder': '目录',
  'a folder, absolute or relative to this file': '目录，绝对路径或相对于本文件',
  'a rule such as cpu > 80%': '规则，例如 cpu > 80%',
  'a policy, a mapping that starts with its type, such as type: target':
    '策略，以类型开头的映射，例如 type: target',
  'any text': '任意文本',
  'a program and its arguments as a list of words, like [node, server.js]':
    '程序及其参数的单词列表，例如 [node, server.js]',
  'the name or path of a program': '程序的名称或路径',
  'text; put quotes around it': '文本；请加引号',
  'text without a zero byte': '不含零字节的文本',
  'text, a number, true or false': '文本、数字、true 或 false',
  'text without spaces': '不含空格的文本',
  'a map of names to values, like { LOG_LEVEL: info }': '名称到值的映射，例如 { LOG_LEVEL: info }',
  'letters, digits and _ in the name of a variable': '变量名由字母、数字和 _ 组成',
  'Tidegate sets this variable': '该变量由 Tidegate 设置',
  'a number of CPUs from {min} to {max}, like 0.5': 'CPU 数，{min} 到 {max}，例如 0.5',
  'a map of commands to durations, like { list: 10s }': '命令到时长的映射，例如 { list: 10s }',
  'unknown command; expected list, launch, retire or confirm':
    '未知命令；应为 list、launch、retire 或 confirm',
  'a PromQL query of at most {count} characters, such as sum(queue_depth)':
    'PromQL 查询，至多 {count} 个字符，例如 sum(queue_depth)',
  'an address such as http://127.0.0.1:9090': '地址，例如 http://127.0.0.1:9090',
  'no user in it; write user: and password:': '地址中不含用户；请写 user: 和 password:',
  'no ? and no # in it': '地址中不含 ? 和 #',
  'a token, text without spaces': '令牌，不含空格的文本',
  'text of one line; put quotes around it': '单行文本；请加引号',
  'bearer or user and password, not both': 'bearer 与 user、password 二选一',
  'the user that the password is of': '密码所属的用户',
  'a user without a colon': '不含冒号的用户',
  'the password of the user': '用户的密码',
  'a map such as { ca: ./ca.pem }': '映射，例如 { ca: ./ca.pem }',
  'the key of the certificate, a PEM file': '证书的私钥，PEM 文件',
  'the certificate of the key, a PEM file': '私钥的证书，PEM 文件',
  'a PEM file, absolute or relative to this file': 'PEM 文件，绝对路径或相对于本文件',
  'a PEM file that can be read ({why!})': '可读取的 PEM 文件（{why!}）',
  // what values outside the advised range do
  'servers that are only slow to start (a cold cache, a busy machine) are taken for failed, and launched again and again':
    '只是启动较慢（缓存未热、机器繁忙）的服务器会被当作失败，反复启动',
  'a launch that hangs is replaced only that much later': '卡住的启动要过那么久才会被替换',
  'slow requests and downloads in flight are cut when a server leaves':
    '服务器离开时，慢请求和进行中的下载会被中断',
  'one slow connection keeps a server, and its cost, for that long': '一个慢连接会让服务器及其费用保留那么久',
  'a dependency that is down for a moment makes whole fleets start anew': '依赖短暂中断会使整个机群重新启动',
  'a server that hangs is missing, and paid for, for that long': '挂起的服务器在那么久内既缺席又计费',
  'new servers come that much after the load that needs them': '新服务器会比负载晚到那么久',
  'a dip between two waves retires servers that the next one needs, so that launches and retirements alternate':
    '两波负载之间的低谷会回收下一波所需的服务器，启动与回收交替发生',
  'servers that nobody needs are paid for that long after each peak':
    '每次高峰之后，多余的服务器会继续计费那么久',
  'a load that grows by more than one launch in that time is never caught up with':
    '若负载在这段时间内的增长超过一次启动，将永远追不上',
  'the next servers go before the metrics show what the loss of the last ones did':
    '指标尚未反映上一次回收的影响，就会回收下一批服务器',
  'a large fleet takes hours to come back to its usual size': '大机群需要数小时才能恢复到平常规模',
  'one wave of load is enough to keep its servers': '一波负载就足以使其服务器不被回收',
  'a fleet that turns every few minutes is never held': '每隔几分钟就转向的机群永远不会受限',
  'new servers are judged before they have warmed up and taken their share':
    '新服务器尚未预热并分担负载就会被评判',
  'servers that do not help are launched and paid for that much longer':
    '没有帮助的服务器会继续启动并计费那么久',
  'one late answer of a source is enough to hold every retirement': '数据源一次响应迟到就足以阻止所有回收',
  'servers are retired on what was true that long ago': '会根据那么久以前的情况回收服务器',
  'requests with many cookies or a large token are refused': '带有大量 cookie 或较大令牌的请求会被拒绝',
  'any client can make each of its connections hold that much memory':
    '任何客户端都能使其每个连接占用那么多内存',
  'requests of browsers that came through other proxies may be refused': '经过其他代理的浏览器请求可能被拒绝',
  'a request costs more to read than a server may be ready for: many stop at 100 themselves':
    '读取请求的开销可能超出服务器的准备：许多服务器自身上限为 100',
  'browsers that connect ahead of time, and clients on slow networks, are cut off':
    '提前建连的浏览器和慢网络上的客户端会被断开',
  'clients that never ask hold their connections for that long': '从不发请求的客户端会占用连接那么久',
  'clients on slow networks are refused': '慢网络上的客户端会被拒绝',
  'few clients that send a byte now and then (Slowloris) can hold every connection':
    '少数偶尔发送一个字节的客户端（Slowloris）就能占满所有连接',
  'clients connect anew for nearly every page, and proxies before this one meet closing connections':
    '客户端几乎每个页面都要重新建连，前置代理会遇到正在关闭的连接',
  'clients that are gone hold connections and memory for that long': '已离开的客户端会占用连接和内存那么久',
  'uploads break on networks that pause': '网络停顿时上传会中断',
  'clients that stop in the middle hold a connection to a server for that long':
    '中途停止的客户端会占用到服务器的连接那么久',
  'slow answers that would have come are 504': '本可返回的慢响应会变为 504',
  'a server that hangs holds clients and connections for that long': '挂起的服务器会占用客户端和连接那么久',
  'a spike that is over before a new server has started is enough to change the fleet':
    '新服务器启动之前就已结束的尖峰也足以改变机群',
  'what the rule is there to mend lasts at least that long': '规则要解决的问题至少会持续那么久',
  'checks are a load of their own, and a hiccup of seconds is enough to take a server out':
    '健康检查本身成为负载，数秒的停顿就足以摘除服务器',
  'a server that fails while there is little traffic gets requests for minutes, `unhealthy` times this':
    '流量较少时，失败的服务器会继续收到数分钟（`unhealthy` 乘以该值）的请求',
  'one lost packet, which TCP sends again after a second, or one garbage collection fails a check':
    '一次丢包（TCP 一秒后重传）或一次垃圾回收就会使检查失败',
  'a server that hangs is found out only that much later': '挂起的服务器要过那么久才会被发现',
  'a single lost check takes a server out, and its load goes to the others':
    '一次检查丢失就会摘除服务器，其负载转移到其他服务器',
  'a server that fails stays for that many intervals': '失败的服务器会保留那么多个间隔',
  'a server that passes one check in between comes and goes': '偶尔通过一次检查的服务器会反复进出',
  'the others carry its load for that many intervals more': '其他服务器要再承担其负载那么多个间隔',
  'the others stay overloaded that much longer after a launch': '启动之后其他服务器会继续过载那么久',
  'one lost packet, which TCP sends again after a second, makes a server look dead':
    '一次丢包（TCP 一秒后重传）就会使服务器看似宕机',
  'a browser opens six connections to a host, so few clients behind one address are enough to be refused':
    '浏览器对一台主机打开六个连接，同一地址后的少数客户端就足以被拒绝',
  'idle connections cost packets all the time, and batteries of mobile clients':
    '空闲连接不断产生报文，并消耗移动客户端的电量',
  'most firewalls and address translators have forgotten the connection by then':
    '多数防火墙和地址转换设备届时已忘记该连接',
  'requests wait that long for a machine that is gone before another is tried':
    '请求要为已消失的机器等待那么久才会尝试另一台',
  'nearly every request pays for a new connection': '几乎每个请求都要新建连接',
  'most servers close first, and a request that meets the closing fails or is repeated':
    '多数服务器会先关闭连接，遇到关闭的请求会失败或重试',
  'requests wait in `pending`, and are 503 beyond it, although the server could take more':
    '服务器本可承担更多，请求却在 `pending` 中等待，超出后返回 503',
  'a slow server is given more than its memory and descriptors are likely to hold, instead of a queue before it':
    '慢服务器得到的连接可能超出其内存和描述符，而不是在其前面排队',
  'each failure becomes more load when there is least to spare, and clients wait for all attempts':
    '最紧张时每次失败都会变成更多负载，客户端还要等待所有尝试',
}
