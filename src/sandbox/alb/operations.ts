import type { Call, Done, Operation, Operations } from '../operation.ts'
import type { Declarations } from '../parameters.ts'
import {
  associateAdditionalCertificatesWithListener,
  dissociateAdditionalCertificatesFromListener,
  listListenerCertificates,
} from './certificates.ts'
import { getListenerHealthStatus } from './health-status.ts'
import { listAsynJobs } from './jobs.ts'
import {
  createListener,
  deleteListener,
  getListenerAttribute,
  listListeners,
  startListener,
  stopListener,
  updateListenerAttribute,
} from './listeners.ts'
import {
  createLoadBalancer,
  deleteLoadBalancer,
  describeZones,
  disableDeletionProtection,
  enableDeletionProtection,
  getLoadBalancerAttribute,
  listLoadBalancers,
} from './load-balancers.ts'
import { createRules, deleteRules, listRules, updateRulesAttribute } from './rules.ts'
import {
  createServerGroup,
  deleteServerGroup,
  listServerGroups,
  updateServerGroupAttribute,
} from './server-groups.ts'
import {
  addServersToServerGroup,
  listServerGroupServers,
  removeServersFromServerGroup,
  replaceServersInServerGroup,
  updateServerGroupServersAttribute,
} from './servers.ts'
import { listTagResources, tagResources, untagResources } from './tags.ts'

const PAGE = { MaxResults: 'int', NextToken: 'text' } as const
const SERVERS = { ServerGroupId: 'text!', Servers: 'list!' } as const
const TAGGED = { ResourceId: 'list!', ResourceType: 'text!' } as const
const GROUP = {
  Scheduler: 'text',
  HealthCheckConfig: 'object',
  StickySessionConfig: 'object',
  ConnectionDrainConfig: 'object',
  SlowStartConfig: 'object',
  UpstreamKeepaliveEnabled: 'flag',
  CrossZoneEnabled: 'flag',
  ServiceName: 'text',
} as const

const LISTENER = {
  ListenerDescription: 'text',
  DefaultActions: 'list',
  Certificates: 'list',
  IdleTimeout: 'int',
  RequestTimeout: 'int',
  GzipEnabled: 'flag',
  Http2Enabled: 'flag',
  SecurityPolicyId: 'text',
  XForwardedForConfig: 'object',
} as const
const LISTENER_ID = { ListenerId: 'text!' } as const
const CERTIFICATES = { ...LISTENER_ID, Certificates: 'list!' } as const

/** One that changes something: it takes a token and can be tried dry. */
function change(parameters: Declarations, run: (call: Call) => Done): Operation {
  return {
    parameters: { ...parameters, ClientToken: 'text', DryRun: 'flag' },
    dryRun: 'DryRunOperation',
    inProcess: 'IdempotenceProcessing',
    run,
  }
}

/** The operations of ALB that are spoken here, with their parameters as documented; what is not named is ignored, as in the cloud. */
export const ALB: Operations = {
  CreateLoadBalancer: change(
    {
      LoadBalancerEdition: 'text!',
      AddressType: 'text!',
      LoadBalancerBillingConfig: 'object!',
      VpcId: 'text!',
      ZoneMappings: 'list!',
      LoadBalancerName: 'text',
      DeletionProtectionEnabled: 'flag',
      Tag: 'list',
    },
    createLoadBalancer,
  ),
  DeleteLoadBalancer: change({ LoadBalancerId: 'text!' }, deleteLoadBalancer),
  EnableDeletionProtection: change({ ResourceId: 'text!' }, enableDeletionProtection),
  DisableDeletionProtection: change({ ResourceId: 'text!' }, disableDeletionProtection),
  GetLoadBalancerAttribute: { parameters: { LoadBalancerId: 'text!' }, run: getLoadBalancerAttribute },
  ListLoadBalancers: {
    parameters: {
      ...PAGE,
      LoadBalancerIds: 'list',
      LoadBalancerNames: 'list',
      LoadBalancerStatus: 'text',
      AddressType: 'text',
      VpcIds: 'list',
      ZoneId: 'text',
      Tag: 'list',
    },
    run: listLoadBalancers,
  },
  DescribeZones: { parameters: {}, run: describeZones },
  CreateServerGroup: change(
    {
      ...GROUP,
      ServerGroupName: 'text!',
      ServerGroupType: 'text',
      HealthCheckConfig: 'object!',
      Protocol: 'text',
      VpcId: 'text',
      Tag: 'list',
    },
    createServerGroup,
  ),
  UpdateServerGroupAttribute: change(
    { ...GROUP, ServerGroupId: 'text!', ServerGroupName: 'text' },
    updateServerGroupAttribute,
  ),
  DeleteServerGroup: change({ ServerGroupId: 'text!' }, deleteServerGroup),
  ListServerGroups: {
    parameters: {
      ...PAGE,
      ServerGroupIds: 'list',
      ServerGroupNames: 'list',
      ServerGroupType: 'text',
      VpcId: 'text',
      Tag: 'list',
    },
    run: listServerGroups,
  },
  AddServersToServerGroup: change(SERVERS, addServersToServerGroup),
  UpdateServerGroupServersAttribute: change(SERVERS, updateServerGroupServersAttribute),
  RemoveServersFromServerGroup: change(SERVERS, removeServersFromServerGroup),
  ReplaceServersInServerGroup: change(
    { ServerGroupId: 'text!', AddedServers: 'list!', RemovedServers: 'list!' },
    replaceServersInServerGroup,
  ),
  ListServerGroupServers: {
    parameters: { ...PAGE, ServerGroupId: 'text', ServerIds: 'list' },
    run: listServerGroupServers,
  },
  CreateListener: change(
    {
      ...LISTENER,
      LoadBalancerId: 'text!',
      ListenerPort: 'int!',
      ListenerProtocol: 'text!',
      DefaultActions: 'list!',
      Tag: 'list',
    },
    createListener,
  ),
  UpdateListenerAttribute: change({ ...LISTENER, ...LISTENER_ID }, updateListenerAttribute),
  DeleteListener: change(LISTENER_ID, deleteListener),
  StartListener: change(LISTENER_ID, startListener),
  StopListener: change(LISTENER_ID, stopListener),
  GetListenerAttribute: { parameters: LISTENER_ID, run: getListenerAttribute },
  ListListeners: {
    parameters: {
      ...PAGE,
      ListenerIds: 'list',
      LoadBalancerIds: 'list',
      ListenerProtocol: 'text',
      Tag: 'list',
    },
    run: listListeners,
  },
  GetListenerHealthStatus: {
    parameters: { ...PAGE, ...LISTENER_ID, IncludeRule: 'flag' },
    run: getListenerHealthStatus,
  },
  CreateRules: change({ ...LISTENER_ID, Rules: 'list!' }, createRules),
  UpdateRulesAttribute: change({ Rules: 'list!' }, updateRulesAttribute),
  DeleteRules: change({ RuleIds: 'list!' }, deleteRules),
  ListRules: {
    parameters: {
      ...PAGE,
      RuleIds: 'list',
      ListenerIds: 'list',
      LoadBalancerIds: 'list',
      Direction: 'text',
      Tag: 'list',
    },
    run: listRules,
  },
  AssociateAdditionalCertificatesWithListener: change(
    CERTIFICATES,
    associateAdditionalCertificatesWithListener,
  ),
  DissociateAdditionalCertificatesFromListener: change(
    CERTIFICATES,
    dissociateAdditionalCertificatesFromListener,
  ),
  ListListenerCertificates: {
    parameters: { ...PAGE, ...LISTENER_ID, CertificateIds: 'list' },
    run: listListenerCertificates,
  },
  TagResources: { parameters: { ...TAGGED, Tag: 'list!' }, run: tagResources },
  UnTagResources: {
    parameters: { ...TAGGED, TagKey: 'list', Tag: 'list', All: 'flag' },
    run: untagResources,
  },
  ListTagResources: {
    parameters: { ...PAGE, ResourceType: 'text!', ResourceId: 'list', Tag: 'list' },
    run: listTagResources,
  },
  ListAsynJobs: {
    parameters: {
      ...PAGE,
      JobIds: 'list',
      ResourceIds: 'list',
      ResourceType: 'text',
      ApiName: 'text',
      BeginTime: 'int',
      EndTime: 'int',
    },
    run: listAsynJobs,
  },
}
