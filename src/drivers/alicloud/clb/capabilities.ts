import { type Capability, can, cannot } from '../../../core/capabilities.ts'

/** Of Classic Load Balancer: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/functions-and-features */
export const CLB_CAPABILITIES: readonly Capability[] = [
  can('http/1.1', 'to clients and servers, WebSocket included'),
  can('http/2', 'to clients'),
  cannot('http/3', 'CLB has no QUIC to clients', ['alicloud-alb']),
  can('tcp', 'to clients and servers'),
  can('udp', 'a session a source'),
  can('tls', '1.0 to 1.3 to clients, by https listeners alone; a certificate a server name'),
  cannot('grpc', 'CLB speaks HTTP/1.1 to servers', ['gateway', 'alicloud-alb']),
  can('rules', 'host and path'),
  can('weights', '0 to 100'),
  can('health checks', 'tcp, http, udp'),
  cannot('slow start', 'CLB gives a new server its whole share; Tidegate lets its weight grow', [
    'gateway',
    'alicloud-alb',
  ]),
  can('draining', 'by weight 0 and waiting; tcp by the cloud too, up to 900 s'),
  cannot('servers by address', 'a server is an instance of the region', ['gateway', 'alicloud-alb']),
  cannot('requests in flight', 'CLB does not tell them; a server drains until its deadline', ['gateway']),
]
