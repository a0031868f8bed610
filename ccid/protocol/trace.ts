/**
 * What a trace hook sees. Messages are shown by their header only, because a PIN can lie in any payload; commands and
 * answers are shown in full except those that may hold a secret.
 */
export type TraceEvent =
  | {
      readonly kind: 'message';
      readonly direction: 'out' | 'in';
      /** The specification's name: `PC_to_RDR_XfrBlock`. */
      readonly name: string;
      readonly bSlot: number;
      readonly bSeq: number;
      /** dwLength, bytes */
      readonly length: number;
      /** Of incoming messages. */
      readonly bStatus?: number;
      readonly bError?: number;
    }
  | { readonly kind: 'dropped'; readonly reason: 'garbage' | 'late' | 'unasked'; readonly length: number }
  | { readonly kind: 'slot-change'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'command';
      /** The command; of one that may hold a PIN only the four header bytes. */
      readonly bytes: Uint8Array;
      readonly isRedacted: boolean;
    }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'failure'; readonly code: string };

export type Trace = (event: TraceEvent) => void;
