/** The same function, reckoned once for each object that it is asked about, for as long as that object lives. The object, and what the
 *  function reads besides it, must never change. */
export function perObject<Key extends object, Value>(reckon: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before.value
    const value = reckon(key)
    known.set(key, { value })
    return value
  }
}
