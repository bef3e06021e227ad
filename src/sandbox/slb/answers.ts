import type { Millis } from '../../core/time.ts'

export function tagsAnswer(tags: Readonly<Record<string, string>>) {
  return { Tag: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }
}

export function toTheSecond(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
