import type { Catalog } from '../translate.ts'

/** What policies, guards and rules say. */
export const SCALING: Catalog = {
  // other ways to scale
  'HPA on {metric} at {target} would have {count}: {why...}':
    '按 {metric} {target} 的 HPA 会有 {count} 台：{why...}',
  'HPA on {metric} at {target} is not known yet: {why...}': '按 {metric} {target} 的 HPA 尚不可知：{why...}',
  'cpu > 80% for 5m: +1 would have {count}: {why...}':
    '规则“CPU > 80% 持续 5m 加 1 台”会有 {count} 台：{why...}',
  'cpu > 80% for 5m: +1 is not known yet: {why...}': '规则“CPU > 80% 持续 5m 加 1 台”尚不可知：{why...}',
  '{metric} {value} on {count} asks for {asked}': '{count} 台时 {metric} 为 {value}，要求 {asked} 台',
  'it has looked for {time} of 5m': '已观察 {time}，需要 5m',
  'not everything could be seen': '未能看到全部情况',
  'cpu above 80% for 5m': 'CPU 高于 80% 已持续 5m',
  'cpu below 20% for 5m': 'CPU 低于 20% 已持续 5m',
  'cpu above 80% for 5m, cooldown': 'CPU 高于 80% 已持续 5m，冷却中',
  'cpu below 20% for 5m, cooldown': 'CPU 低于 20% 已持续 5m，冷却中',
  'cpu between 20% and 80%': 'CPU 在 20% 与 80% 之间',
  '1 server': '1 台服务器',
  '{count} servers': '{count} 台服务器',
  // decisions
  '{policy}: {why...}': '{policy}：{why...}',
  'the fleet has no policy': '机群没有策略',
  'no policy asks for a change: {each...}': '没有策略要求变更：{each...}',
  'agrees: {why...}': '同意：{why...}',
  'wanted {count}, the boldest wins: {why...}': '希望 {count} 台，取最大者：{why...}',
  'wanted {count}, but who only looks ahead retires nothing by itself: {why...}':
    '希望 {count} 台，但只看将来的策略不会单独缩容：{why...}',
  // readings
  '{metric} no data': '{metric} 无数据',
  '{metric} idle': '{metric} 空闲',
  '{metric} stale': '{metric} 已过期',
  '{metric} unreachable': '{metric} 不可达',
  'no data': '无数据',
  idle: '空闲',
  stale: '已过期',
  unreachable: '不可达',
  'no-data': '无数据',
  'not measured': '未采集',
  'not a number': '不是数字',
  'stale, {age} old': '已过期，距今 {age}',
  '{metric}: no data': '{metric}：无数据',
  '{metric}: idle': '{metric}：空闲',
  '{metric}: unreachable': '{metric}：不可达',
  '{metric}: no data ({why...})': '{metric}：无数据（{why...}）',
  '{metric}: idle ({why...})': '{metric}：空闲（{why...}）',
  '{metric}: unreachable ({why...})': '{metric}：不可达（{why...}）',
  '{metric}: stale, {age} old': '{metric}：已过期，距今 {age}',
  '{metric}: stale, {age} old, {more...}': '{metric}：已过期，距今 {age}，{more...}',
  // guards
  '{why...}; the next launch waits': '{why...}；下一次启动须等待',
  'held, because not everything could be read: {why...}': '保持不变，因为有内容无法读取：{why...}',
  '{window...} expects {times} times the load that {servers...} had before it':
    '{window...} 预期负载为此前 {servers...}时的 {times} 倍',
  'the wall clock jumped, scale-in waits': '系统时钟发生跳变，缩容须等待',
  'scaled out {ago} ago, waits {wait} before the next': '{ago} 前已扩容，冷却 {wait} 后才能再次扩容',
  'scaled in {ago} ago, waits {wait} before the next': '{ago} 前已缩容，冷却 {wait} 后才能再次缩容',
  '{servers...} more did not lower {metric}: {before} before, {after} after; the bottleneck is elsewhere':
    '增加 {servers...}未能降低 {metric}：之前 {before}，之后 {after}；瓶颈在别处',
  'the fleet turned {count} times within {time}, which uses up its budget; scale-in waits':
    '机群在 {time} 内转向 {count} 次，抖动预算已用尽；缩容须等待',
  'no scale-in without data: {metrics...}': '缺少数据，不缩容：{metrics...}',
  'at least {count} ({of...})': '至少 {count} 台（{of...}）',
  'at most {count} ({of...})': '至多 {count} 台（{of...}）',
  '1 server unhealthy: capacity that is missing': '1 台服务器不健康：容量缺失',
  '{count} servers unhealthy: capacity that is missing': '{count} 台服务器不健康：容量缺失',
  'max {max} has no place for {servers...} more: unhealthy and drained ones keep theirs':
    'max {max} 已容不下再多 {servers...}：不健康和已排空的服务器仍占位',
  'servers wait to join, and none beyond min is launched: {why...}':
    '服务器等待加入，且不会启动超过 min 的服务器：{why...}',
  'min of {window...}': '{window...} 的 min',
  'max of {window...}': '{window...} 的 max',
  'pinned to {count} by {who}': '由 {who} 固定为 {count} 台',
  'scale-in is paused by {who}': '缩容已由 {who} 暂停',
  'scale-out is paused by {who}': '扩容已由 {who} 暂停',
  'stopped by {who}': '由 {who} 停止',
  'within {time} from {servers...} to at most {limit}: {paces...}':
    '{time} 内从 {servers...}起至多到 {limit} 台：{paces...}',
  'within {time} from {servers...} to at least {limit}: {paces...}':
    '{time} 内从 {servers...}起至少保留 {limit} 台：{paces...}',
  '{amount...} per {time}': '每 {time} {amount...}',
  '{amount...} per {time} or {more...}': '每 {time} {amount...}，或{more...}',
  'scale-in waits until the load has been watched for {time}': '负载观察满 {time} 之前不缩容',
  '{servers...} wanted within the last {time}': '最近 {time} 内曾需要 {servers...}',
  'only {servers...} wanted within the last {time}': '最近 {time} 内只持续需要 {servers...}',
  // policies
  'no window is open': '没有生效的时间窗',
  '{window...} is open: {terms...}': '{window...} 生效中：{terms...}',
  '{window...} is open, until {end...} ({zone}): {terms...}':
    '{window...} 生效中，至 {end...}（{zone}）：{terms...}',
  '{window...} opens {start...}, until {end...} ({zone}): {terms...}':
    '{window...} 于 {start...} 开始，至 {end...}（{zone}）：{terms...}',
  'schedule {name!}': '定时策略 {name!}',
  'event {name!}': '事件 {name!}',
  'min {count}': 'min {count}',
  'max {count}': 'max {count}',
  '{times} times the load': '{times} 倍负载',
  '{rule!} has no answer: {why...}': '{rule!} 无法判断：{why...}',
  '{rule!} is not true': '{rule!} 不成立',
  '{rule!} has been true for {so} of {time}': '{rule!} 已成立 {so}，需满 {time}',
  '{rule!} is true: add {change} makes {servers...}': '{rule!} 成立：增加 {change}，变为 {servers...}',
  '{rule!} is true: remove {change} makes {servers...}': '{rule!} 成立：减少 {change}，变为 {servers...}',
  '{rule!} is true: set {change} makes {servers...}': '{rule!} 成立：设为 {change}，变为 {servers...}',
  '{rule!} has been true for {so}: add {change} makes {servers...}':
    '{rule!} 已成立 {so}：增加 {change}，变为 {servers...}',
  '{rule!} has been true for {so}: remove {change} makes {servers...}':
    '{rule!} 已成立 {so}：减少 {change}，变为 {servers...}',
  '{rule!} has been true for {so}: set {change} makes {servers...}':
    '{rule!} 已成立 {so}：设为 {change}，变为 {servers...}',
  'a division by zero': '除数为零',
  '{metric} has no target above 0': '{metric} 没有大于 0 的目标值',
  '{metric}: no server is serving': '{metric}：没有正在服务的服务器',
  'no server is serving': '没有正在服务的服务器',
  'the whole load ({metric}) is forecast to stay below {high} for {ahead} (expected: {expected}): needs {servers...}':
    '预测总负载（{metric}）在 {ahead} 内不超过 {high}（预期 {expected}）：需要 {servers...}',
  'the whole load ({metric}) is forecast to stay below {high} for {ahead} (expected: {expected}; it comes again every {period}): needs {servers...}':
    '预测总负载（{metric}）在 {ahead} 内不超过 {high}（预期 {expected}；每 {period} 重复一次）：需要 {servers...}',
  '{why...}; so by the days before: {more...}': '{why...}；因此依据此前各日：{more...}',
  'nothing is forecast yet': '尚无预测',
  'too little is known for a forecast': '已知数据不足以预测',
  'the forecast is no number': '预测结果不是数字',
  'the forecast is {age} old': '预测已过去 {age}',
  '{metric}: nothing is known ahead': '{metric}：对未来尚无所知',
  "{metric}: what a server can carry is not known yet; the fleet's capacity in the file would tell":
    '{metric}：单台服务器的承载能力尚不可知；可在文件中为该机群填写 capacity',
  '{metric}: it has not been measured for a day': '{metric}：采集尚不足一天',
  '{ago} ago the whole load ({metric}) came to {peak} between {before} before this time and {after} after it, of which {times} times is expected; by what followed such times on {days} days it pays to be ready for {ready}: needs {servers...}':
    '{ago} 前，从此时刻前 {before} 到其后 {after}，总负载（{metric}）达到 {peak}，预计为其 {times} 倍；依据 {days} 天内此类时刻之后的负载，为 {ready} 备好服务器最划算：需要 {servers...}',
  '{ago} ago the whole load ({metric}) came to {peak} between {before} before this time and {after} after it, of which {times} times is expected: needs {servers...}':
    '{ago} 前，从此时刻前 {before} 到其后 {after}，总负载（{metric}）达到 {peak}，预计为其 {times} 倍：需要 {servers...}',
  '{metric} is {is} on {servers...}, target {target}: needs {want...}':
    '{metric} 在 {servers...}上为 {is}，目标 {target}：需要 {want...}',
  '{metric} is {is}, target {target} a server: needs {want...}':
    '{metric} 为 {is}，每台目标 {target}：需要 {want...}',
  '{metric} {is} over {servers...} is within 10 % of {target} a server':
    '{metric} {is} 分摊到 {servers...}，与每台目标 {target} 相差不超过 10 %',
  '{metric} {is} is within 10 % of {target}': '{metric} {is} 与目标 {target} 相差不超过 10 %',
  '{metric} is {is} on {servers...}; over all {have} it will be within 10 % of {target}':
    '{metric} 在 {servers...}上为 {is}；分摊到全部 {have} 台后与目标 {target} 相差不超过 10 %',
  // rules
  '`{text!}` is {kind...}, not a condition; compare it, as in {example!}':
    '`{text!}` 是{kind...}，不是条件；请加上比较，例如 {example!}',
  '`{text!}` is a condition, a number is expected here; join conditions with `and` or `or`':
    '`{text!}` 是条件，此处应为数值；条件之间请用 `and` 或 `or` 连接',
  '`{a!}` multiplied by `{b!}` has no unit known here; one side must be a plain number':
    '`{a!}` 乘以 `{b!}` 得到未知单位；其中一边须为纯数字',
  '`{a!}` divided by `{b!}` has no unit known here; divide by a plain number or by the same unit':
    '`{a!}` 除以 `{b!}` 得到未知单位；除数须为纯数字或同一单位',
  '`{a!}` cannot be {verb...} with `{b!}`, which is {kind...}: write {example...}':
    '`{a!}` 不能与 `{b!}` {verb...}，后者是{kind...}：请写 {example...}',
  '`{a!}` is {kind...}: write {form...} instead of `{b!}`': '`{a!}` 是{kind...}：请用 {form...} 代替 `{b!}`',
  compared: '比较',
  added: '相加',
  subtracted: '相减',
  'a ratio': '比率',
  'a count': '计数',
  'a rate per second': '每秒速率',
  'a duration': '时长',
  'a size in bytes': '字节数',
  'a bandwidth': '带宽',
  'a plain number': '纯数字',
  'a condition': '条件',
  '{a} or {b}': '{a} 或 {b}',
  'found `{token!}`, expected {what...}': '出现 `{token!}`，应为{what...}',
  'the rule ends here, expected {what...}': '规则到此结束，应为{what...}',
  '`and`, `or` or the end': '`and`、`or` 或结尾',
  'a metric, a quantity or `(`': '指标、数量或 `(`',
  'comparisons cannot be chained; join two with `and`': '比较不能连写；请用 `and` 连接两个比较',
  'nested more than {depth} deep': '嵌套超过 {depth} 层',
  'this can never be true: {metric} is already {known...} when `{text!}` is asked':
    '永远不会成立：判断 `{text!}` 时 {metric} 已经{known...}',
  'this can never be true: {metric} is already {a...} and {b...} when `{text!}` is asked':
    '永远不会成立：判断 `{text!}` 时 {metric} 已经{a...}且{b...}',
  'at least {value}': '至少 {value}',
  'at most {value}': '至多 {value}',
  'above {value}': '高于 {value}',
  'below {value}': '低于 {value}',
  'names no metric, so it would never change': '没有提到指标，因此永远不会变化',
  '`not`, or `!=` to compare': '`not`，或用 `!=` 比较',
  'a percentage with its number before it, as in 80%': '百分号前应有数字，例如 80%',
  'a number with a digit before the point, as in 0.8': '小数点前应有数字，例如 0.8',
  'the rule has {count} characters; at most {most} are read': '规则有 {count} 个字符；最多读取 {most} 个',
  'a minus needs a space before and after it': '减号前后须有空格',
  'a minus needs spaces around it: {example!}': '减号两侧须有空格：{example!}',
  '`{character!}` is not understood here': '此处无法理解 `{character!}`',
  '`{character!}` is not understood here; {hint...}': '此处无法理解 `{character!}`；{hint...}',
  '`{character!}` is not understood here; expected {hint...}': '此处无法理解 `{character!}`；应为{hint...}',
  '`{character!}` is not understood here; write {hint...}': '此处无法理解 `{character!}`；请写 {hint...}',
  'this number is too long': '数字过长',
  'did you mean {name!}?': '是否为 {name!}？',
  'known units: {units!}': '已知单位：{units!}',
  'known metrics: {metrics!}': '已知指标：{metrics!}',
  '`{text!}` is no quantity; {hint...}': '`{text!}` 不是数量；{hint...}',
  'there is no metric `{text!}`; {hint...}': '没有指标 `{text!}`；{hint...}',
  'there is no metric {metric!}': '没有指标 {metric!}',
}
