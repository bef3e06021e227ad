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

/** 2 for what the user has to write differently. */
export function exitCodeOf(code: string): 1 | 2 {
  return code === 'config.invalid' || code === 'request.invalid' ? 2 : 1
}
