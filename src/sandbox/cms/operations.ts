import type { Call, Done, Operations } from '../operation.ts'
import type { Declarations } from '../parameters.ts'
import { Refusal } from '../refusal.ts'
import { counted } from './counted.ts'
import { describeMetricLast, describeMetricList, describeMetricMetaList } from './metrics.ts'
import { describeSystemEventAttribute } from './system-events.ts'

const QUERY = {
  Namespace: 'text!',
  MetricName: 'text!',
  // As a text: the cloud says what is wrong with them inside its answer.
  Period: 'text',
  Dimensions: 'text',
  Length: 'text',
  NextToken: 'text',
  Express: 'text',
  StartTime: 'text',
  EndTime: 'text',
} as const satisfies Declarations

/** The operations of CloudMonitor that are spoken here. What it refuses it refuses in an answer with the status 200. */
export const CMS: Operations = {
  DescribeMetricLast: { parameters: QUERY, run: limited(describeMetricLast) },
  DescribeMetricList: { parameters: QUERY, run: limited(describeMetricList) },
  DescribeMetricMetaList: {
    parameters: { Namespace: 'text', MetricName: 'text', PageNumber: 'int', PageSize: 'int' },
    run: inBody(describeMetricMetaList),
  },
  DescribeSystemEventAttribute: {
    parameters: {
      Product: 'text',
      Name: 'text',
      Status: 'text',
      Level: 'text',
      StartTime: 'text',
      EndTime: 'text',
      PageNumber: 'int',
      PageSize: 'int',
    },
    run: inBody(describeSystemEventAttribute),
  },
}

/** One of the calls of which a month has a million free. How the next one is refused is not documented. */
function limited(run: (call: Call) => Done): (call: Call) => Done {
  const answer = inBody(run)
  const refuse = inBody(() => {
    throw new Refusal('LimitExceeded', 'The quota for this customer had been reached.', 402)
  })
  return (call) => {
    const { world, isFree } = counted(call.world, call.account, call.now)
    return (isFree ? answer : refuse)({ ...call, world })
  }
}

function inBody(run: (call: Call) => Done): (call: Call) => Done {
  return (call) => {
    try {
      const { world, body } = run(call)
      return { world, body: { Code: '200', Success: true, ...body } }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return {
        world: call.world,
        body: { Code: String(error.status), Success: false, Message: error.message, Datapoints: '' },
      }
    }
  }
}
