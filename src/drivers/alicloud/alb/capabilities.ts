import { type Capability, can, cannot } from '../../../core/capabilities.ts'

/** Of Application Load Balancer:
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/functions-and-features */
export const ALB_CAPABILITIES: readonly Capability[] = [
  can('http/1.1', 'to clients and servers, WebSocket included'),
  can('http/2', 'to clients; to servers as gRPC'),
  cannot('http/3', 'ALB has QUIC listeners, and this driver makes none of them', [
    'HAProxy',
    'nginx',
    'Caddy',
  ]),
  cannot('tcp', 'ALB carries HTTP alone', ['gateway', 'alicloud-clb']),
  cannot('udp', 'ALB carries HTTP alone', ['gateway', 'alicloud-clb']),
  can('tls', '1.2 and 1.3 to clients, several certificates by name'),
  can('grpc', 'to servers of `server-protocol: grpc`, behind https listeners'),
  can('rules', 'host, path, method, header, cookie, query, network'),
  can('actions', 'pool, split, redirect, fixed answer'),
  can('algorithms', 'round-robin, least-connections, source-hash'),
  can('weights', '0 to 100'),
  can('health checks', 'http, https, tcp, grpc'),
  can('slow start', '30 to 900 s by the cloud; else Tidegate lets weights grow'),
  can('draining', 'by weight 0 and waiting; by the cloud too, except in Basic edition'),
  can('servers by address', 'of the VPC, another VPC, or a data centre'),
  cannot('requests in flight', 'ALB does not tell them; a server drains until its deadline', ['gateway']),
]
