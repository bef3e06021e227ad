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
  '{detail...}; can: {others!}': '{detail...}；可用：{others!}',
  'to clients and servers, WebSocket and server-sent events included':
    '面向客户端和服务器，包括 WebSocket 和服务器推送事件',
  'to clients and servers, gRPC included; WebSocket to clients':
    '面向客户端和服务器，包括 gRPC；面向客户端支持 WebSocket',
  'this runtime has no QUIC': '本运行时没有 QUIC',
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
