/** What a command ends with when it cannot do its work: one sentence for people and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: 1 | 2

  /** 1 = error, 2 = usage or invalid configuration. */
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
