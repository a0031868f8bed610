import type { CardChannel } from '../../iso7816/card-channel.ts';

/** How a My Number Card can prove that it is there. */
export type MyNumberProofMethod = 'mynumber-tap' | 'mynumber-pin' | 'mynumber-terminal';

/** Asked for the bytes to sign when the certificate is known: the JWS signing input of a presence proof. */
export type Statement = (card: { readonly certificate: Uint8Array }) => Promise<Uint8Array>;

/** `found`: it is a My Number Card. `read`: its certificate is here. `signed`: it may be taken away. */
export type PresenceStep = 'found' | 'read' | 'signed';

export interface PresenceOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: PresenceStep) => void;
}

/** What the card gave. */
export interface PresenceSignature {
  /** The authentication certificate, DER. */
  readonly certificate: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the statement; by which key, the method says. */
  readonly signature: Uint8Array;
  /** Part of the proof was simulated; a verifier must write that down. */
  readonly isSimulated?: true;
}

/** One way of making a card sign a statement. */
export interface PresenceMethod {
  readonly proofMethod: MyNumberProofMethod;
  /** @throws {CardError} `not_this_card`, `card_gone`, `pin_wrong` and the rest of what a card dialogue can end in */
  prove(channel: CardChannel, statement: Statement, options?: PresenceOptions): Promise<PresenceSignature>;
}
