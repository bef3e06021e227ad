/** `1 server`, `2 servers`. */
export function servers(count: number): string {
  return `${count} ${count === 1 ? 'server' : 'servers'}`
}
