const MINUTE_MS = 60_000;

/**
 * The last minute before something ends, RFC 3339. A consent that ends with the stroke of midnight ends, for people, on
 * the day before.
 */
export const lastMinuteOf = (expires: string): string => new Date(Date.parse(expires) - MINUTE_MS).toISOString();
