import { type FileHandle, open } from 'node:fs/promises'

const BLOCK_BYTES = 64 * 1024
/** What is read at once of a log that grows faster than it is shown. */
const MOST_BYTES = 1024 * 1024

/** Where a file has been read up to, and the beginning of its last line. */
export interface Place {
  readonly inode: number
  readonly position: number
  readonly rest: string
}

/** The last `count` whole lines of a file, and where they end. Nothing when there is no such file. */
export async function lastLines(
  path: string,
  count: number,
): Promise<{ lines: readonly string[]; place: Place | null }> {
  const file = await opened(path)
  if (!file) return { lines: [], place: null }
  await using handle = file
  const { size, ino } = await handle.stat()
  let from = size
  let text = Buffer.alloc(0)
  while (from > 0 && newlines(text) <= count) {
    const block = Buffer.alloc(Math.min(BLOCK_BYTES, from))
    from -= block.length
    await handle.read(block, 0, block.length, from)
    text = Buffer.concat([block, text])
  }
  const lines = text.toString('utf8').split('\n')
  const rest = lines.pop() ?? ''
  return {
    lines: lines.slice(Math.max(0, lines.length - count)),
    place: { inode: ino, position: size, rest },
  }
}

/** The whole lines that have come since. A file that is another one by now, or shorter, is read from its beginning. */
export async function newLines(
  path: string,
  since: Place | null,
): Promise<{ lines: readonly string[]; place: Place | null }> {
  const file = await opened(path)
  if (!file) return { lines: [], place: null }
  await using handle = file
  const { size, ino } = await handle.stat()
  const goesOn = since !== null && since.inode === ino && since.position <= size
  const from = goesOn ? since.position : 0
  const block = Buffer.alloc(Math.min(MOST_BYTES, size - from))
  const { bytesRead } = await handle.read(block, 0, block.length, from)
  const lines = ((goesOn ? since.rest : '') + block.toString('utf8', 0, bytesRead)).split('\n')
  const rest = lines.pop() ?? ''
  return { lines, place: { inode: ino, position: from + bytesRead, rest } }
}

async function opened(path: string): Promise<FileHandle | null> {
  try {
    return await open(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function newlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}
