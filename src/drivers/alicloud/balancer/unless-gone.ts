/** Its outcome, unless the caller goes away before. What has begun goes on, and nobody has to hear of its failure then. */
export function unlessGone<T>(outcome: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(signal.reason)
    signal.addEventListener('abort', gone, { once: true })
    outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone))
    if (signal.aborted) gone()
  })
}
