/** The list that a parameter holds as JSON in one text; throws `malformed` for anything else. */
export function jsonList(text: string, malformed: () => Error): readonly unknown[] {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    throw malformed()
  }
  if (!Array.isArray(read)) throw malformed()
  return read
}
