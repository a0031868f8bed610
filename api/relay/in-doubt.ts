/**
 * How long after its time an envelope that somebody may have taken is still asked about.
 *
 * An answer can be lost on the way: then whoever handed the envelope on cannot know whether it arrived in time, and must
 * not tell its sender that it expired. Handed on again, it is known there, or refused as expired: either is the truth. Only
 * when nobody answers for this long is it given up.
 */
export const IN_DOUBT_MS = 3_600_000;
