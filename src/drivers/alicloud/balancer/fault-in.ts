import { Fault } from '../../../core/fault.ts'

/** What it fails with, for whoever has more to do before that is told; null = it has not. A defect is thrown. */
export async function faultIn(doing: Promise<unknown>): Promise<Fault | null> {
  try {
    await doing
    return null
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
