import { statSync } from 'node:fs'

/** Changes whenever what the path leads to does: its content, its mode, or which file it is. Also of one that cannot be reached. */
export function stampOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return [path, dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch {
    return `${path} not there`
  }
}
