import { digest } from '../../../api/contract/encoding.ts';

/** The log of these tests. */
export const ORIGIN = 'east.example/evidence';

/** The leaf data of leaf n in these tests. */
export const leaf = (n: number): Uint8Array => digest(`leaf ${n}`);
