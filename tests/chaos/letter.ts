import { encodeBase64Url, encodeUtf8, parseBase64Url } from '#api/contract/encoding.ts';

/** What a message says: who wrote it, and its place in its conversation. */
export interface Letter {
  /** `a 17`: unique in a run. */
  readonly name: string;
  readonly conversation: string;
  /** Grows inside a conversation. */
  readonly place: number;
}

/** In the shape of a compact JWS: nobody on the way can tell the difference, for nobody can open it. */
export const encodeLetter = (letter: Letter): string =>
  `e30.${encodeBase64Url(encodeUtf8(JSON.stringify(letter)))}.c2lnbmF0dXJl`;

export const parseLetter = (jws: string): Letter =>
  JSON.parse(new TextDecoder().decode(parseBase64Url(jws.split('.')[1] ?? ''))) as Letter;
