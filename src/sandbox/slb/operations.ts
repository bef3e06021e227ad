import type { Operations } from '../operation.ts'
import { describeLoadBalancerAttribute, describeLoadBalancers } from './describe.ts'
import {
  createLoadBalancer,
  deleteLoadBalancer,
  modifyLoadBalancerInstanceSpec,
  modifyLoadBalancerInternetSpec,
  setLoadBalancerDeleteProtection,
  setLoadBalancerName,
  setLoadBalancerStatus,
} from './load-balancers.ts'

const BALANCER = { RegionId: 'text', LoadBalancerId: 'text!' } as const

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
  ModifyLoadBalancerInternetSpec: {
    parameters: { ...BALANCER, InternetChargeType: 'text', Bandwidth: 'int' },
    run: modifyLoadBalancerInternetSpec,
  },
}
