import type { Catalog } from '../translate.ts'

/** Problems of rules. */
export const RULES: Catalog = {
  'a regular expression': '正则表达式',
  'not a regular expression of RE2: {why...}': '不是 RE2 的正则表达式：{why...}',
  'missing closing ): {text!}': '缺少右括号 )：{text!}',
  'missing closing ]: {text!}': '缺少右括号 ]：{text!}',
  'unexpected ): {text!}': '多余的右括号 )：{text!}',
  'missing argument to repetition operator: {text!}': '重复运算符缺少对象：{text!}',
  'invalid nested repetition operator: {text!}': '重复运算符不能叠加：{text!}',
  'invalid repeat count: {text!}': '重复次数无效：{text!}',
  'invalid character class range: {text!}': '字符范围无效：{text!}',
  'invalid escape sequence: {text!}': '转义序列无效：{text!}',
  'trailing backslash at end of expression: {text!}': '表达式以反斜杠结尾：{text!}',
  'invalid named capture: {text!}': '分组名称无效：{text!}',
  'invalid or unsupported Perl syntax: {text!}': '不支持的 Perl 语法：{text!}',
  'a method such as GET, or a list of them': '方法（例如 GET）或其列表',
  'a method such as GET, in capitals': '大写的方法，例如 GET',
  'a network such as 10.0.0.0/8, or a list of them': '网段（例如 10.0.0.0/8）或其列表',
  'a network such as 10.0.0.0/8 or 2001:db8::/32': '网段，例如 10.0.0.0/8 或 2001:db8::/32',
  'a media type such as application/json or image/*, or a list of them':
    '媒体类型（例如 application/json 或 image/*）或其列表',
  'a media type such as application/json or image/*': '媒体类型，例如 application/json 或 image/*',
  'names of headers, each with {value...}': '请求头名称，各带{value...}',
  'names of cookies, each with {value...}': 'Cookie 名称，各带{value...}',
  'names of parameters, each with {value...}': '参数名称，各带{value...}',
  'a value, or one of { prefix: }, { regex: } and { present: }':
    '一个值，或 { prefix: }、{ regex: }、{ present: } 之一',
  'a name without spaces and separators': '不含空格和分隔符的名称',
  'text of at most 1000 printable characters': '至多 1000 个可打印字符的文本',
  'pools and their weights from 0 to 1000, such as { stable: 95, canary: 5 }':
    '后端池及其权重（0 到 1000），例如 { stable: 95, canary: 5 }',
  '301, 302, 303, 307 or 308': '301、302、303、307 或 308',
  'none, cookie or source': 'none、cookie 或 source',
  'the name of a cookie': 'Cookie 名称',
  'an address such as https://www.example.org or a path such as /new':
    '地址（例如 https://www.example.org）或路径（例如 /new）',
  'text of at most 64 KiB': '至多 64 KiB 的文本',
  'a media type such as text/plain': '媒体类型，例如 text/plain',
  'a path such as /new': '路径，例如 /new',
  'names of headers and their values, such as { x-color: blue }': '请求头名称和值，例如 { x-color: blue }',
  'the name of a header, or a list of them': '请求头名称或其列表',
  'text of at most 4000 printable characters': '至多 4000 个可打印字符的文本',
  'one of prefix and regex': 'prefix 和 regex 之一',
  'it does nothing; expected one of pool, split, redirect and respond':
    '该规则没有动作；应为 pool、split、redirect、respond 之一',
  'a rule does one thing, and this one has {kind!} already': '一条规则只有一个动作，而这条已有 {kind!}',
  'every weight is 0, so that no pool gets anything': '所有权重均为 0，没有后端池会得到流量',
  'no variable is named {name!}': '没有名为 {name!} 的变量',
  'no variable is named {name!}; did you mean {other!}?': '没有名为 {name!} 的变量；是否为 {other!}？',
  'no variable is named {name!}; known: {names!}': '没有名为 {name!} 的变量；可用：{names!}',
  '{group!} is no group of the expression, which has {count}':
    '{group!} 不是表达式的分组，它有 {count} 个分组',
  '{name!} belongs to the connection; Tidegate alone writes it': '{name!} 属于连接，只由 Tidegate 写入',
  '{name!} is written by Tidegate itself': '{name!} 由 Tidegate 自己写入',
  'has no effect without sticky: cookie': '没有 sticky: cookie 时无效',
  'the name in a client certificate, a list of them, or "*"': '客户端证书中的名称、其列表，或 "*"',
  'a name such as shop.example.org': '名称，例如 shop.example.org',
  'a tls listener reads no requests; expected only match and pool':
    'tls 监听器不读取请求；应只有 match 和 pool',
  'this listener asks no client for a certificate; expected tls: {example...} too':
    '该监听器不向客户端要求证书；还应有 tls: {example...}',
  'has no effect where no server is asked': '不向服务器转发时无效',
  'a network such as 10.0.0.0/8, a list of them, or none': '网段（例如 10.0.0.0/8）、其列表，或 none',
  'x-forwarded-for or forwarded': 'x-forwarded-for 或 forwarded',
  'has no effect without trusted-proxies': '没有 trusted-proxies 时无效',
  'has no effect on {protocol}, where nobody names a client': '对 {protocol} 无效，其中无人指明客户端',
  '1 to 29 lower-case letters, digits and hyphens': '1 到 29 个小写字母、数字和连字符',
  'this runtime has no QUIC: HAProxy, nginx, Envoy, Caddy, cloud balancers speak HTTP/3, and the alt-svc of a rule tells clients of one before this gateway':
    '本运行时没有 QUIC：HAProxy、nginx、Envoy、Caddy 和云负载均衡支持 HTTP/3，规则中的 alt-svc 可告知客户端本网关之前有它们之一',
  'it needs the algorithm of this rule, such as algorithm: header-hash':
    '它需要本规则的 algorithm，例如 algorithm: header-hash',
  'a request has one host; expected set: { host: ... }': '请求只有一个 host；应为 set: { host: ... }',
  'less than least, so that no request matches': '小于 least，因此没有请求匹配',
}
