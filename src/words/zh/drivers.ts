import type { Catalog } from '../translate.ts'

/** What drivers say of servers, sources and stores. */
export const DRIVERS: Catalog = {
  '{why...}; `tidegate logs {server}` shows what it wrote': '{why...}；其输出见 `tidegate logs {server}`',
  'out of memory: killed by the kernel at its limit of {limit}': '内存不足：达到上限 {limit}，被内核终止',
  'killed by {signal}': '被 {signal} 终止',
  'has exited': '已退出',
  'exited with code {code}': '以代码 {code} 退出',
  'there is no program "{program!}"': '没有程序 "{program!}"',
  'there is no folder {folder!}': '没有目录 {folder!}',
  'there is no such program, or no such folder to run it in': '没有该程序，或没有其运行目录',
  'no free port between {first} and {last}': '{first} 与 {last} 之间没有空闲端口',
  'local servers do not measure {metric}': '本地服务器不采集 {metric}',
  'CPU is read from /proc, which this system does not have': 'CPU 读自 /proc，本系统没有',
  'CPU needs two reads of a serving server': 'CPU 需要对正在服务的服务器读取两次',
  'no serving server has a `memory` limit in force': '没有正在服务的服务器设置了 `memory` 上限',
  'The limits (cpus, memory) of local servers cannot all be kept here: {why...}.':
    '此处无法完全保证本地服务器的上限（cpus、memory）：{why...}。',
  'cgroup v2 is not mounted': '未挂载 cgroup v2',
  'cgroup v2 has no controller {names!} at {mount} (cgroup v1 may have it)':
    'cgroup v2 在 {mount} 没有控制器 {names!}（可能在 cgroup v1 中）',
  '{group} cannot be written; run Tidegate as root, or in a scope of its own: {command!}':
    '{group} 不可写；请以 root 运行 Tidegate，或在独立 scope 中运行：{command!}',
  'This system has no /proc: servers are not found again after a restart of the controller, and CPU is not measured.':
    '本系统没有 /proc：控制器重启后无法找回服务器，也不采集 CPU。',
  'the {name} command: {why...}': '命令 {name}：{why...}',
  'exit code {code}': '退出码 {code}',
  'exit code {code}: {says!}': '退出码 {code}：{says!}',
  'killed by {signal}: {says!}': '被 {signal} 终止：{says!}',
  'killed, it did not end within {time}': '已终止，{time} 内未结束',
  'killed, it did not end within {time}: {says!}': '已终止，{time} 内未结束：{says!}',
  'killed, it printed more than {count} bytes': '已终止，输出超过 {count} 字节',
  'killed, nobody waits for it any more': '已终止，不再有人等待',
  '{count} of {of} were launched': '{of} 台中已启动 {count} 台',
  '{count} of {of} had been launched before the answer was lost': '响应丢失之前，{of} 台中已启动 {count} 台',
  'it printed nothing; expected JSON': '没有输出；应为 JSON',
  '{url} cannot be asked: {why...}': '无法查询 {url}：{why...}',
  'the source is closed': '数据源已关闭',
  'the answer is larger than {count} bytes': '响应大于 {count} 字节',
  'it refuses the credentials (HTTP {status})': '凭据被拒绝（HTTP {status}）',
  'it sends elsewhere (HTTP {status}); write the final url': '被重定向（HTTP {status}）；请写最终的 url',
  'it does not answer as a Prometheus does (HTTP {status}): {text!}':
    '响应不像 Prometheus（HTTP {status}）：{text!}',
  'the query gives no series': '查询没有返回序列',
  'the query gives {count} series, expected one: put sum(), avg() or max() around it':
    '查询返回 {count} 条序列，应为一条：请用 sum()、avg() 或 max() 聚合',
  'the query gives a {type}, expected one value: an instant vector or a scalar':
    '查询返回 {type}，应为单个值：瞬时向量或标量',
  'the range query gives a {type}, expected a matrix': '范围查询返回 {type}，应为矩阵',
  'the query gives {value}': '查询返回 {value}',
  'more than {count} samples; ask for longer steps or fewer series':
    '超过 {count} 个样本；请加大步长或减少序列',
  'its answer is not in the form of the Prometheus HTTP API': '响应不符合 Prometheus HTTP API 的格式',
  'the configuration has no query for {metric}; give a CSV file, or --prometheus and --query':
    '配置中没有 {metric} 的查询；请提供 CSV 文件，或 --prometheus 和 --query',
  'the configuration has no Prometheus for {metric}; write --prometheus':
    '配置中没有 {metric} 的 Prometheus；请写 --prometheus',
  '{path} is held by {holder...}': '{path} 被 {holder...} 占用',
  'process {pid}': '进程 {pid}',
  'the history cannot be written: {why!}': '无法写入历史：{why!}',
  'the history is written again': '历史恢复写入',
  'the history does not keep up: its disk is too slow': '历史写入跟不上：磁盘过慢',
}
