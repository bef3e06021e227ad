import type { Operations } from '../operation.ts'
import type { Declared } from '../parameters.ts'
import { describeListenerAttribute, describeLoadBalancerListeners } from './describe-listeners.ts'
import {
  createDomainExtension,
  deleteDomainExtension,
  describeDomainExtensions,
  setDomainExtensionAttribute,
} from './domain-extensions.ts'
import { settingParameters } from './listener-settings.ts'
import {
  createListener,
  deleteLoadBalancerListener,
  setListenerAttribute,
  startLoadBalancerListener,
  stopLoadBalancerListener,
} from './listeners.ts'
import { createRules, deleteRules, describeRules, setRule } from './rules.ts'
import type { Protocol } from './state.ts'

const LISTENER = {
  RegionId: 'text',
  LoadBalancerId: 'text!',
  ListenerPort: 'int!',
} as const
/** Where two listeners may stand on one port, by their protocols. */
const ANY_LISTENER = { ...LISTENER, ListenerProtocol: 'text' } as const satisfies Record<string, Declared>

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'http', 'https']

/** Each protocol has operations of its own, which differ in what may be set. */
function ofProtocol(protocol: Protocol): Operations {
  const kind = protocol.toUpperCase()
  return {
    [`CreateLoadBalancer${kind}Listener`]: {
      parameters: { ...LISTENER, ...settingParameters(protocol, true) },
      run: createListener(protocol),
    },
    [`SetLoadBalancer${kind}ListenerAttribute`]: {
      parameters: { ...LISTENER, ...settingParameters(protocol, false), VServerGroup: 'text' },
      run: setListenerAttribute(protocol),
    },
    [`DescribeLoadBalancer${kind}ListenerAttribute`]: {
      parameters: LISTENER,
      run: describeListenerAttribute(protocol),
    },
  }
}

/** The operations of listeners and of their rules. */
export const LISTENERS: Operations = {
  ...Object.assign({}, ...PROTOCOLS.map(ofProtocol)),
  DescribeLoadBalancerListeners: {
    parameters: {
      RegionId: 'text',
      LoadBalancerId: 'list',
      ListenerProtocol: 'text',
      MaxResults: 'int',
      NextToken: 'text',
    },
    run: describeLoadBalancerListeners,
  },
  StartLoadBalancerListener: { parameters: ANY_LISTENER, run: startLoadBalancerListener },
  StopLoadBalancerListener: { parameters: ANY_LISTENER, run: stopLoadBalancerListener },
  DeleteLoadBalancerListener: { parameters: ANY_LISTENER, run: deleteLoadBalancerListener },
  CreateDomainExtension: {
    parameters: { ...LISTENER, RegionId: 'text!', Domain: 'text!', ServerCertificateId: 'text!' },
    run: createDomainExtension,
  },
  DescribeDomainExtensions: {
    parameters: { ...LISTENER, RegionId: 'text!', DomainExtensionId: 'text' },
    run: describeDomainExtensions,
  },
  SetDomainExtensionAttribute: {
    parameters: { RegionId: 'text!', DomainExtensionId: 'text!', ServerCertificateId: 'text!' },
    run: setDomainExtensionAttribute,
  },
  DeleteDomainExtension: {
    parameters: { RegionId: 'text!', DomainExtensionId: 'text!' },
    run: deleteDomainExtension,
  },
  CreateRules: {
    // JSON in a text, which the operation reads by itself: it refuses it with codes of its own.
    parameters: { ...ANY_LISTENER, RegionId: 'text!', RuleList: 'text!' },
    run: createRules,
  },
  DescribeRules: { parameters: { ...ANY_LISTENER, RegionId: 'text!' }, run: describeRules },
  SetRule: {
    parameters: { RegionId: 'text!', RuleId: 'text!', RuleName: 'text', VServerGroupId: 'text' },
    run: setRule,
  },
  DeleteRules: { parameters: { RegionId: 'text!', RuleIds: 'text!' }, run: deleteRules },
}
