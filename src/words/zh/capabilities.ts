import type { Catalog } from '../translate.ts'

/** What `tidegate capabilities` tells; names of protocols and settings stay as they are. */
export const CAPABILITIES: Catalog = {
  CAPABILITY: '能力',
  GATEWAY: '网关',
  DETAIL: '说明',
  yes: '是',
  no: '否',
  'post-quantum keys': '后量子密钥',
  'proxy protocol': 'PROXY 协议',
  rules: '规则',
  actions: '动作',
  algorithms: '算法',
  weights: '权重',
  affinity: '会话保持',
  'health checks': '健康检查',
  compression: '压缩',
  cache: '缓存',
  'cache on disk': '磁盘缓存',
  'rate limits': '速率限制',
  'rate limits of several gateways together': '多个网关合计的速率限制',
  upgrade: '升级',
  '{detail...}; can: {others...}': '{detail...}；可用：{others...}',
  'cloud balancers': '云上负载均衡',
  'to clients and servers, WebSocket and server-sent events included':
    '面向客户端和服务器，包括 WebSocket 和服务器推送事件',
  'to clients and servers, gRPC included; WebSocket to clients':
    '面向客户端和服务器，包括 gRPC；面向客户端支持 WebSocket',
  'this runtime has no QUIC': '本运行时没有 QUIC',
  'to clients and servers, WebSocket included': '面向客户端和服务器，包括 WebSocket',
  'to clients': '面向客户端',
  'CLB has no QUIC to clients': 'CLB 面向客户端没有 QUIC',
  '1.0 to 1.3 to clients, by https listeners alone; a certificate a server name':
    '面向客户端 1.0 至 1.3，仅限 https 监听；每个域名一个证书',
  'CLB speaks HTTP/1.1 to servers': 'CLB 以 HTTP/1.1 访问服务器',
  'host and path': '域名和路径',
  'CLB gives a new server its whole share; Tidegate lets its weight grow':
    'CLB 会立即给新服务器全部份额；由 Tidegate 逐步增大其权重',
  'by weight 0 and waiting; tcp by the cloud too, up to 900 s':
    '权重设为 0 并等待；tcp 也可由云平台完成，最长 900 秒',
  'a server is an instance of the region': '服务器须为本地域的实例',
  'CLB does not tell them; a server drains until its deadline': 'CLB 不提供；服务器排空直到期限',
  'to clients; to servers as gRPC': '面向客户端；面向服务器时用于 gRPC',
  'ALB has QUIC listeners, and this driver makes none of them': 'ALB 有 QUIC 监听，但本驱动不创建',
  'ALB carries HTTP alone': 'ALB 只承载 HTTP',
  '1.2 and 1.3 to clients, several certificates by name': '面向客户端 1.2 和 1.3，按域名使用多个证书',
  'to servers of `server-protocol: grpc`, behind https listeners':
    '面向 `server-protocol: grpc` 的服务器，位于 https 监听之后',
  'pool, split, redirect, fixed answer': '转发到后端池、按权重拆分、重定向、固定应答',
  '30 to 900 s by the cloud; else Tidegate lets weights grow':
    '由云平台完成，30 至 900 秒；否则由 Tidegate 逐步增大权重',
  'by weight 0 and waiting; by the cloud too, except in Basic edition':
    '权重设为 0 并等待；除基础版外也由云平台完成',
  'of the VPC, another VPC, or a data centre': 'VPC 内、其他 VPC 或数据中心',
  'ALB does not tell them; a server drains until its deadline': 'ALB 不提供；服务器排空直到期限',
  'slow start': '慢启动',
  draining: '连接优雅中断',
  'servers by address': '按地址添加服务器',
  'requests in flight': '处理中的请求数',
  'to clients and servers': '面向客户端和服务器',
  'a session a source': '每个来源一个会话',
  '1.2 and 1.3, to clients and servers; client certificates; passed through by name':
    '1.2 和 1.3，面向客户端和服务器；客户端证书；按名称透传',
  'X25519MLKEM768, on both sides': 'X25519MLKEM768，两侧均支持',
  'v1 and v2, from clients and to servers': 'v1 和 v2，来自客户端和发往服务器',
  'host, path, regular expression, method, header, cookie, query, network':
    '主机、路径、正则表达式、方法、请求头、Cookie、参数、网段',
  'pool, split, mirror, redirect, rewrite, fixed answer, headers':
    '后端池、分流、镜像、重定向、改写、固定响应、修改头',
  'signed cookie': '签名 cookie',
  'in memory, RFC 9111; purge by API': '在内存中，符合 RFC 9111；可通过 API 清除',
  'what is kept is lost with the process': '缓存内容随进程消失',
  'by source, header, cookie or path; each gateway counts alone':
    '按来源、请求头、cookie 或路径；每个网关各自计数',
  'each gateway counts alone': '每个网关各自计数',
  'without losing a connection': '不丢失任何连接',
  '0 to 1000; {policies!}': '0 到 1000；{policies!}',
}
