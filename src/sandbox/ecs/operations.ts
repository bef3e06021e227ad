import type { Operations } from '../operation.ts'
import { describeInstanceStatus, describeInstances } from './describe.ts'
import {
  deleteInstance,
  deleteInstances,
  modifyInstanceAutoReleaseTime,
  startInstances,
  stopInstances,
  tagResources,
  untagResources,
} from './lifecycle.ts'
import {
  describeAccountAttributes,
  describeAvailableResource,
  describeImages,
  describeInstanceHistoryEvents,
  describeInstanceTypes,
  describePrice,
  describeRegions,
  describeSpotPriceHistory,
  describeZones,
} from './market.ts'
import { describeCapacityReservations, describeElasticityAssurances } from './private-pools.ts'
import { runInstances } from './run-instances.ts'
import {
  authorizeSecurityGroup,
  describeSecurityGroupAttribute,
  describeSecurityGroups,
} from './security-groups.ts'

const REGION = { RegionId: 'text!' } as const
const INSTANCES = { ...REGION, InstanceId: 'list!', DryRun: 'flag' } as const
const BY_TOKEN = { MaxResults: 'int', NextToken: 'text' } as const
const BY_NUMBER = { PageNumber: 'int', PageSize: 'int' } as const

/** The operations of ECS that are spoken here, with their parameters as documented; what is not named is ignored, as in the cloud. */
export const ECS: Operations = {
  RunInstances: {
    parameters: {
      ...REGION,
      ImageId: 'text',
      InstanceType: 'text',
      VSwitchId: 'text',
      SecurityGroupId: 'text',
      SecurityGroupIds: 'list',
      LaunchTemplateId: 'text',
      LaunchTemplateName: 'text',
      LaunchTemplateVersion: 'int',
      Amount: 'int',
      MinAmount: 'int',
      ClientToken: 'text',
      DryRun: 'flag',
      Tag: 'list',
      InstanceName: 'text',
      UserData: 'text',
      SpotStrategy: 'text',
      SpotPriceLimit: 'number',
      PrivatePoolOptions: 'object',
      AutoReleaseTime: 'text',
      DeletionProtection: 'flag',
      SystemDisk: 'object',
      DataDisk: 'list',
    },
    dryRun: 'DryRunOperation',
    inProcess: 'LastTokenProcessing',
    run: runInstances,
  },
  DescribeInstances: {
    parameters: {
      ...REGION,
      ...BY_TOKEN,
      ...BY_NUMBER,
      InstanceIds: 'json',
      PrivateIpAddresses: 'json',
      InstanceNetworkType: 'text',
      Tag: 'list',
      Status: 'text',
      ZoneId: 'text',
      VpcId: 'text',
      VSwitchId: 'text',
      InstanceType: 'text',
    },
    run: describeInstances,
  },
  DescribeInstanceStatus: {
    parameters: { ...REGION, ...BY_NUMBER, InstanceId: 'list' },
    run: describeInstanceStatus,
  },
  DeleteInstances: {
    parameters: { ...INSTANCES, Force: 'flag', ClientToken: 'text' },
    dryRun: 'DRYRUN.SUCCESS',
    inProcess: 'LastTokenProcessing',
    run: deleteInstances,
  },
  DeleteInstance: {
    parameters: { InstanceId: 'text!', Force: 'flag', DryRun: 'flag' },
    dryRun: 'DRYRUN.SUCCESS',
    run: deleteInstance,
  },
  StopInstances: {
    parameters: { ...INSTANCES, ForceStop: 'flag', StoppedMode: 'text', BatchOptimization: 'text' },
    dryRun: 'DRYRUN.SUCCESS',
    run: stopInstances,
  },
  StartInstances: {
    parameters: { ...INSTANCES, BatchOptimization: 'text' },
    dryRun: 'DRYRUN.SUCCESS',
    run: startInstances,
  },
  ModifyInstanceAutoReleaseTime: {
    parameters: { ...REGION, InstanceId: 'text!', AutoReleaseTime: 'text' },
    run: modifyInstanceAutoReleaseTime,
  },
  TagResources: {
    parameters: { ...REGION, ResourceId: 'list!', ResourceType: 'text!', Tag: 'list!' },
    run: tagResources,
  },
  UntagResources: {
    parameters: { ...REGION, ResourceId: 'list!', ResourceType: 'text!', TagKey: 'list' },
    run: untagResources,
  },
  DescribeRegions: { parameters: {}, run: describeRegions },
  DescribeZones: { parameters: REGION, run: describeZones },
  DescribeInstanceTypes: { parameters: { ...BY_TOKEN, InstanceTypes: 'list' }, run: describeInstanceTypes },
  DescribeAvailableResource: {
    parameters: {
      ...REGION,
      DestinationResource: 'text!',
      ZoneId: 'text',
      InstanceType: 'text',
      SpotStrategy: 'text',
    },
    run: describeAvailableResource,
  },
  DescribeSpotPriceHistory: {
    parameters: { ...REGION, InstanceType: 'text!', NetworkType: 'text!', ZoneId: 'text' },
    run: describeSpotPriceHistory,
  },
  DescribePrice: {
    parameters: { ...REGION, InstanceType: 'text', SpotStrategy: 'text', Amount: 'int' },
    run: describePrice,
  },
  DescribeImages: { parameters: { ...REGION, ...BY_NUMBER, ImageId: 'text' }, run: describeImages },
  DescribeAccountAttributes: {
    parameters: { ...REGION, AttributeName: 'list' },
    run: describeAccountAttributes,
  },
  DescribeElasticityAssurances: {
    parameters: { ...REGION, ...BY_TOKEN, PrivatePoolOptions: 'object' },
    run: describeElasticityAssurances,
  },
  DescribeCapacityReservations: {
    parameters: { ...REGION, ...BY_TOKEN, PrivatePoolOptions: 'object' },
    run: describeCapacityReservations,
  },
  DescribeInstanceHistoryEvents: {
    parameters: { ...REGION, ...BY_TOKEN, InstanceId: 'text', InstanceEventCycleStatus: 'list' },
    run: describeInstanceHistoryEvents,
  },
  DescribeSecurityGroups: {
    parameters: {
      ...REGION,
      ...BY_TOKEN,
      ...BY_NUMBER,
      VpcId: 'text',
      SecurityGroupId: 'text',
      SecurityGroupIds: 'json',
      SecurityGroupName: 'text',
      SecurityGroupType: 'text',
    },
    run: describeSecurityGroups,
  },
  DescribeSecurityGroupAttribute: {
    parameters: { ...REGION, SecurityGroupId: 'text!', Direction: 'text' },
    run: describeSecurityGroupAttribute,
  },
  AuthorizeSecurityGroup: {
    parameters: {
      ...REGION,
      SecurityGroupId: 'text!',
      IpProtocol: 'text',
      PortRange: 'text',
      SourceCidrIp: 'text',
      Permissions: 'list',
    },
    run: authorizeSecurityGroup,
  },
}
