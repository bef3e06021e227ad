import type { Catalog } from '../translate.ts'

/** What the gateway says, and health checks. */
export const BALANCING: Catalog = {
  'closed without an answer': '连接关闭，没有响应',
  'member {member} of pool {pool}: {from} -> {to}': '后端池 {pool} 的成员 {member}：{from} -> {to}',
  'member {member} of pool {pool}: {address} is not host:port':
    '后端池 {pool} 的成员 {member}：{address} 不是 host:port',
  'pool {pool}: too few members are healthy; all that serve are used':
    '后端池 {pool}：健康成员过少；使用全部在服务的成员',
  'there is no pool {pool}': '没有后端池 {pool}',
  '{id} is a member by the configuration file of pool {pool}; take it out there, or give it weight 0':
    '{id} 是配置文件中后端池 {pool} 的成员；请在文件中移除，或将权重设为 0',
  'the gateway has no room for more {what...}': '网关无法容纳更多 {what...}',
  'the gateway does not answer: {why...}': '网关没有响应：{why...}',
  'the gateway is stopping': '网关正在停止',
  'the gateway has no pool {pool} yet': '网关尚无后端池 {pool}',
  'the gateway has only just started': '网关刚刚启动',
  'the gateway does not measure {metric}': '网关不采集 {metric}',
  'no request was answered in the window': '窗口内没有请求得到响应',
  'no request in the window': '窗口内没有请求',
  'gateway.bandwidth is not set': '未设置 gateway.bandwidth',
  'epoch {epoch} is over; {other} has claimed this gateway': '任期 {epoch} 已结束；{other} 已接管该网关',
  'listener {name}: {why...}': '监听器 {name}：{why...}',
  'listener {name}': '监听器 {name}',
  'is taken by {holder!}': '已被 {holder!} 占用',
  'cannot be opened: {why!}': '无法打开：{why!}',
  '{place} is taken by {holder!}': '{place} 已被 {holder!} 占用',
  '{place} cannot be opened: {why!}': '{place} 无法打开：{why!}',
  'another gateway answers on {path}': '另一个网关正在 {path} 上响应',
  'serving the last state: {members} members in {pools} pools':
    '按最近状态服务：{pools} 个后端池，{members} 个成员',
  'the last state cannot be restored, starting empty: {why!}': '无法恢复最近状态，从空状态启动：{why!}',
  'the state cannot be saved: {why!}': '无法保存状态：{why!}',
  'worker {index} ended with code {code}; another one starts in {time} ms':
    '工作线程 {index} 以代码 {code} 退出；{time} ms 后启动新线程',
  'worker {index} does not answer; it is ended': '工作线程 {index} 没有响应；已终止',
  'worker {index} failed: {why!}': '工作线程 {index} 失败：{why!}',
  'worker {index} cannot listen for {listener}: {why!}': '工作线程 {index} 无法监听 {listener}：{why!}',
}
