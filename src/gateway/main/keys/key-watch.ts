import { stat } from 'node:fs/promises'
import type { Millis } from '../../../core/time.ts'

const POLL_MS: Millis = 1_000

/** Looks at files every second: what replaces them, a link or a new file, does not matter. */
export class KeyWatch {
  readonly #onChange: () => Promise<void>
  #files: readonly string[] = []
  #seen = ''
  #timer: NodeJS.Timeout | null = null

  /** `onChange` may follow other files; the next look comes after it. */
  constructor(onChange: () => Promise<void>) {
    this.#onChange = onChange
  }

  /** From now on these; `seen` is what a look at them gave before they were read. */
  follow(files: readonly string[], seen: string): void {
    this.#files = files
    this.#seen = seen
    if (files.length > 0) this.#later()
    else this.close()
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #later(): void {
    this.close()
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS)
  }

  async #poll(): Promise<void> {
    const timer = this.#timer
    const seen = await lookAt(this.#files)
    if (seen !== this.#seen) {
      this.#seen = seen
      await this.#onChange()
    }
    if (this.#timer === timer) this.#later()
  }
}

/** Another text when one of them has changed. */
export async function lookAt(files: readonly string[]): Promise<string> {
  const marks = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
        () => 'gone',
      ),
    ),
  )
  return marks.join('\n')
}
