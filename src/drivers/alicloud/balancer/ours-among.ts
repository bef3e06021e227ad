/** Where a listener stands. */
export interface At {
  readonly port: number
  readonly protocol: string
}

interface Listed extends At {
  /** Has Tidegate made it? */
  readonly isOwn: boolean
}

/** Which listeners are Tidegate's: those that it has made, and, where it adopts, those that stand where one of the file should. */
export function oursAmong(
  wanted: readonly At[],
  { adopts }: { readonly adopts: boolean },
): (listener: Listed) => boolean {
  return (listener) => listener.isOwn || (adopts && wanted.some((one) => isSame(one, listener)))
}

export function isSame(a: At, b: At): boolean {
  return a.port === b.port && a.protocol === b.protocol
}
