import type { Catalog } from '../translate.ts'

/** What is said of the settings of health checks, and what checks find. */
export const CHECKS: Catalog = {
  'a status such as 200, a range such as 200-399 or a list of these':
    '状态码（例如 200）、范围（例如 200-399）或其列表',
  'text, a number, true or false': '文本、数字、true 或 false',
  'a path such as status or checks.0.ok': '路径，例如 status 或 checks.0.ok',
  'a host such as example.org or example.org:8443': '主机，例如 example.org 或 example.org:8443',
  'a name without a colon': '不含冒号的名称',
  'a token without spaces around it': '首尾没有空格的令牌',
  'a program, or a list of it and its arguments': '程序，或程序及其参数的列表',
  'the name of a gRPC service': 'gRPC 服务的名称',
  'text of at most 4000 printable characters': '不超过 4000 个可打印字符的文本',
  'has no effect on a {type} check; expected type: {types...}': '对 {type} 检查无效；应为 type: {types...}',
  '{latency} is not shorter than the timeout of {timeout}, which ends every check before':
    '{latency} 不短于超时 {timeout}，检查会先因超时结束',
  'an answer to HEAD has no body to look at; expected GET': '对 HEAD 的响应没有正文可查；应为 GET',
  'nobody looks at the answer; expected text or regex beside it': '没有人查看响应；应同时设置 text 或 regex',
  'missing command; expected a program, such as command: [{example!}]':
    '缺少 command；应为程序，例如 command: [{example!}]',
  'missing days; expected a whole number such as {example}': '缺少 days；应为整数，例如 {example}',
  'has one of path and value; expected both': 'path 与 value 只有其一；应两者都有',
  'has one of user and password; expected both': 'user 与 password 只有其一；应两者都有',
  'less than least, so that no answer passes': '小于 least，没有响应能通过',
  'expected the name of a header': '应为头的名称',
  'expected health.host': '应为 health.host',
  'the check sets it itself': '检查会自行设置',
  'expected user and password, or bearer': '应为 user 和 password，或 bearer',
  'a {type} check is always encrypted; expected type: {plain}': '{type} 检查总是加密的；应为 type: {plain}',
  'member {member} of pool {pool} has passed no check yet: {why...}':
    '后端池 {pool} 的成员 {member} 尚未通过任何检查：{why...}',
  'the server does not speak TLS': '服务器不支持 TLS',
  'the server does not speak HTTP/2 over TLS': '服务器不支持 TLS 上的 HTTP/2',
  'the certificate comes from an authority that is not known; tls.ca names one':
    '证书来自未知的颁发机构；请用 tls.ca 指定',
  'the certificate is signed by itself; tls.ca names it': '证书是自签名的；请用 tls.ca 指定',
  'There is no fleet: the number of servers is what the configuration says.':
    '没有机群：服务器数量以配置为准。',
}
