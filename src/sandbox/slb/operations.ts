import type { Operations } from '../operation.ts'
import {
  deleteServerCertificate,
  describeServerCertificates,
  uploadServerCertificate,
} from './certificates.ts'
import { addBackendServers, removeBackendServers, setBackendServers } from './default-group.ts'
import { describeLoadBalancerAttribute, describeLoadBalancers } from './describe.ts'
import { describeHealthStatus } from './health-status.ts'
import { LISTENERS } from './listener-operations.ts'
import {
  createLoadBalancer,
  deleteLoadBalancer,
  modifyLoadBalancerInstanceChargeType,
  modifyLoadBalancerInstanceSpec,
  modifyLoadBalancerInternetSpec,
  setLoadBalancerDeleteProtection,
  setLoadBalancerName,
  setLoadBalancerStatus,
} from './load-balancers.ts'
import {
  addVServerGroupBackendServers,
  createVServerGroup,
  deleteVServerGroup,
  describeVServerGroupAttribute,
  describeVServerGroups,
  modifyVServerGroupBackendServers,
  removeVServerGroupBackendServers,
  setVServerGroupAttribute,
} from './server-groups.ts'
import { listTagResources, tagResources, untagResources } from './tags.ts'

const BALANCER = { RegionId: 'text', LoadBalancerId: 'text!' } as const
/** JSON in a text, which the operations read by themselves: they refuse it with codes of their own. */
const SERVERS = { BackendServers: 'text!' } as const
const GROUP = { RegionId: 'text!', VServerGroupId: 'text!' } as const
const TAGGED = { RegionId: 'text!', ResourceType: 'text!' } as const

/** The operations of CLB that are spoken here, with their parameters as documented; what is not named is ignored, as in the cloud. */
export const SLB: Operations = {
  CreateLoadBalancer: {
    parameters: {
      RegionId: 'text!',
      ClientToken: 'text',
      LoadBalancerName: 'text',
      LoadBalancerSpec: 'text',
      InstanceChargeType: 'text',
      AddressType: 'text',
      InternetChargeType: 'text',
      Bandwidth: 'int',
      VpcId: 'text',
      VSwitchId: 'text',
      MasterZoneId: 'text',
      SlaveZoneId: 'text',
      DeleteProtection: 'text',
      Tag: 'list',
    },
    inProcess: 'OperationFailed.TokenIsProcessing',
    run: createLoadBalancer,
  },
  DeleteLoadBalancer: { parameters: BALANCER, run: deleteLoadBalancer },
  SetLoadBalancerDeleteProtection: {
    parameters: { ...BALANCER, DeleteProtection: 'text!' },
    run: setLoadBalancerDeleteProtection,
  },
  SetLoadBalancerStatus: {
    parameters: { ...BALANCER, LoadBalancerStatus: 'text!' },
    run: setLoadBalancerStatus,
  },
  SetLoadBalancerName: { parameters: { ...BALANCER, LoadBalancerName: 'text!' }, run: setLoadBalancerName },
  DescribeLoadBalancers: {
    parameters: {
      RegionId: 'text!',
      LoadBalancerId: 'text',
      LoadBalancerName: 'text',
      LoadBalancerStatus: 'text',
      Address: 'text',
      AddressType: 'text',
      VpcId: 'text',
      VSwitchId: 'text',
      ServerId: 'text',
      Tag: 'list',
      Tags: 'json',
      PageNumber: 'int',
      PageSize: 'int',
    },
    run: describeLoadBalancers,
  },
  DescribeLoadBalancerAttribute: { parameters: BALANCER, run: describeLoadBalancerAttribute },
  ModifyLoadBalancerInstanceSpec: {
    parameters: { ...BALANCER, LoadBalancerSpec: 'text!' },
    run: modifyLoadBalancerInstanceSpec,
  },
  ModifyLoadBalancerInstanceChargeType: {
    parameters: { ...BALANCER, InstanceChargeType: 'text!', InternetChargeType: 'text' },
    run: modifyLoadBalancerInstanceChargeType,
  },
  ModifyLoadBalancerInternetSpec: {
    parameters: { ...BALANCER, InternetChargeType: 'text', Bandwidth: 'int' },
    run: modifyLoadBalancerInternetSpec,
  },
  AddBackendServers: { parameters: { ...BALANCER, ...SERVERS }, run: addBackendServers },
  SetBackendServers: { parameters: { ...BALANCER, ...SERVERS }, run: setBackendServers },
  RemoveBackendServers: { parameters: { ...BALANCER, ...SERVERS }, run: removeBackendServers },
  CreateVServerGroup: {
    parameters: {
      RegionId: 'text!',
      LoadBalancerId: 'text!',
      VServerGroupName: 'text',
      BackendServers: 'text',
      Tag: 'list',
    },
    run: createVServerGroup,
  },
  AddVServerGroupBackendServers: {
    parameters: { ...GROUP, ...SERVERS },
    run: addVServerGroupBackendServers,
  },
  RemoveVServerGroupBackendServers: {
    parameters: { ...GROUP, ...SERVERS },
    run: removeVServerGroupBackendServers,
  },
  ModifyVServerGroupBackendServers: {
    parameters: { ...GROUP, OldBackendServers: 'text', NewBackendServers: 'text' },
    run: modifyVServerGroupBackendServers,
  },
  SetVServerGroupAttribute: {
    parameters: { ...GROUP, VServerGroupName: 'text', BackendServers: 'text' },
    run: setVServerGroupAttribute,
  },
  DeleteVServerGroup: { parameters: GROUP, run: deleteVServerGroup },
  DescribeVServerGroups: {
    parameters: { RegionId: 'text!', LoadBalancerId: 'text!', Tag: 'list' },
    run: describeVServerGroups,
  },
  DescribeVServerGroupAttribute: { parameters: GROUP, run: describeVServerGroupAttribute },
  TagResources: { parameters: { ...TAGGED, ResourceId: 'list!', Tag: 'list!' }, run: tagResources },
  UntagResources: {
    parameters: { ...TAGGED, ResourceId: 'list!', TagKey: 'list', All: 'flag' },
    run: untagResources,
  },
  ListTagResources: {
    parameters: { ...TAGGED, ResourceId: 'list', Tag: 'list', NextToken: 'text' },
    run: listTagResources,
  },
  ...LISTENERS,
  DescribeHealthStatus: {
    parameters: { ...BALANCER, ListenerPort: 'int', ListenerProtocol: 'text' },
    run: describeHealthStatus,
  },
  UploadServerCertificate: {
    parameters: {
      RegionId: 'text!',
      ServerCertificate: 'text',
      ServerCertificateName: 'text',
      PrivateKey: 'text',
    },
    run: uploadServerCertificate,
  },
  DescribeServerCertificates: {
    parameters: { RegionId: 'text!', ServerCertificateId: 'text' },
    run: describeServerCertificates,
  },
  DeleteServerCertificate: {
    parameters: { RegionId: 'text!', ServerCertificateId: 'text!' },
    run: deleteServerCertificate,
  },
}
