import type { Catalog } from '../translate.ts'

/** The table of faults. */
export const FAULTS: Catalog = {
  'The balancer does not answer. Is its process running?': '负载均衡器没有响应。它的进程在运行吗？',
  'A newer controller has taken over this balancer; this one must stop.':
    '更新的控制器已接管该负载均衡器；当前控制器必须停止。',
  'The balancer has no pool of that name; its configuration has not arrived yet.':
    '负载均衡器中没有该名称的后端池；配置尚未下发。',
  'Where one of our servers should be, a balancer has a member that Tidegate has not added; it is never touched. Remove it there.':
    '本应添加我方服务器的位置上，负载均衡器中已有一个不是由 Tidegate 添加的成员；它绝不会被改动。请在那边将其移除。',
  'The balancer refused the request; its message says why.': '负载均衡器拒绝了请求；原因见其消息。',
  'The server could not be started; the message says why.': '服务器无法启动；原因见消息。',
  'A server that serves could not be confirmed, so it may be deleted by itself; it is tried again.':
    '正在服务的服务器未能确认，可能会被自动删除；将会重试。',
  'The list of servers could not be read; nothing is changed until it can.':
    '无法读取服务器列表；恢复之前不做任何变更。',
  'A server could not be stopped; it is tried again.': '服务器未能停止；将会重试。',
  'Metrics could not be read; nothing scales in until they can.': '无法读取指标；恢复之前不缩容。',
  'Another process listens on this port. Stop it, or choose another port in the configuration.':
    '另一个进程正在监听该端口。请停止它，或在配置中改用其他端口。',
  'Another Tidegate owns this state directory. Stop it with `tidegate down`, or choose another `state:`.':
    '该状态目录属于另一个 Tidegate。请用 `tidegate down` 停止它，或改用其他 `state:`。',
  'The state directory cannot be written; check its disk and its permissions.':
    '状态目录不可写；请检查磁盘和权限。',
  'The configuration has errors; each is listed with its place.': '配置有错误；每个错误均已列出位置。',
  'The request is not valid; its message says what was expected.': '请求无效；消息说明了期望的内容。',
  'The admin API needs a token; `tidegate token NAME` makes one. On the machine itself the command line finds its own.':
    '管理 API 需要令牌；用 `tidegate token NAME` 生成。在本机上，命令行会自行找到令牌。',
  'The admin API answers only requests for its own address, from no other site than itself, and orders only of tokens with the scope operate.':
    '管理 API 只响应发往其自身地址、且不来自其他站点的请求；指令只接受权限为 operate 的令牌。',
  'Too many requests of this kind; wait as long as the answer says.': '此类请求过多；请按响应中的时间等待。',
  'The order would come to nothing now; the message says why, and what can be done.':
    '此指令目前不会有任何效果；消息说明原因和可做的事。',
  'There is nothing of that name.': '没有该名称的对象。',
  'No answer came in time.': '未及时收到响应。',
  'A defect in Tidegate. Please report it with the log.': 'Tidegate 的缺陷。请附上日志报告。',
}
