/** The end of an order, an instant. */
export const UNTIL_AT = {
  description: 'when the order ends by itself, in ms since the epoch; null = when it is taken back',
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  nullable: true,
} as const
