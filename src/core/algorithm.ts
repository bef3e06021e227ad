/** Which server gets the next request. */
export const ALGORITHMS = ['least-connections', 'round-robin', 'random-two'] as const
export type Algorithm = (typeof ALGORITHMS)[number]
