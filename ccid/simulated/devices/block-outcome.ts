/** The outcome of one block: data with bChainParameter, or bError. */
export type BlockOutcome =
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly chain: number }
  | { readonly kind: 'error'; readonly bError: number };
