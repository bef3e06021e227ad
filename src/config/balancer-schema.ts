import * as z from 'zod'
import { GATEWAY } from '../core/balancer.ts'
import { text } from './fields.ts'

/** A balancer beside the gateway; the driver's own keys are its. */
export const BALANCER = z.strictObject({
  driver: text('the kind of balancer', /^.+$/, {
    help: 'Who carries the traffic. It adds keys of its own, here and to its pools.',
    standIn: '',
  }),
})

export const CARRIER = text('the name of a balancer', /^.+$/, {
  help: 'Which balancer of `balancers:` has it; `gateway` is our own.',
  default: GATEWAY,
})
