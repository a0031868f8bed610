const JST_OFFSET_MS = 9 * 60 * 60 * 1000;

/** The calendar day in Japan, `YYYY-MM-DD`. Japan has one time zone and no summer time. */
export const dayInJapan = (at: Date): string => new Date(at.getTime() + JST_OFFSET_MS).toISOString().slice(0, 10);
