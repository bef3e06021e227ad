import type { Command } from 'commander'
import { alicloudPolicy } from './commands/alicloud-policy.ts'
import type { FileContext } from './context.ts'

export type RunWithFile = (
  file: string | undefined,
  run: (context: FileContext) => Promise<number>,
) => Promise<void>

/** `alicloud policy`. */
export function addAlicloud(program: Command, run: RunWithFile): void {
  program
    .command('alicloud')
    .description('what Alibaba Cloud has to be told')
    .command('policy')
    .description('print a RAM policy that allows what the configured drivers call, and nothing more')
    .argument('[file]', 'the configuration (default: --config, else ./tidegate.yaml)')
    .action((file: string | undefined) => run(file, alicloudPolicy))
}
