import type { Command } from 'commander'
import { alicloudPolicy } from './commands/alicloud-policy.ts'
import { type DoctorOptions, doctor } from './commands/doctor.ts'
import type { FileContext } from './context.ts'

export type RunWithFile = (
  file: string | undefined,
  run: (context: FileContext) => Promise<number>,
) => Promise<void>

const FILE = ['[file]', 'the configuration (default: --config, else ./tidegate.yaml)'] as const

/** `alicloud policy` and `doctor alicloud`. */
export function addAlicloud(program: Command, run: RunWithFile): void {
  program
    .command('alicloud')
    .description('what Alibaba Cloud has to be told')
    .command('policy')
    .description('print a RAM policy that allows what the configured drivers call, and nothing more')
    .argument(...FILE)
    .action((file: string | undefined) => run(file, alicloudPolicy))
  program
    .command('doctor')
    .description('whether a cloud would let a configuration work')
    .command('alicloud')
    .description(
      'credentials, clock, permissions, image, stock, quota, networks, security groups, whether servers are reached, and which are nobody’s; each with the fix',
    )
    .argument(...FILE)
    .option('--open-ports', 'open the ports of servers that are closed, after a question')
    .option('-y, --yes', 'without the question')
    .action((file: string | undefined, options: DoctorOptions) =>
      run(file, (context) => doctor(context, options)),
    )
}
