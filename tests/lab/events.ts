/** What a check came to. */
export type CheckOutcome = 'passed' | 'failed' | 'skipped';

/** What the guest tells the host, one line of its console each. */
export type LabEvent =
  /** A check begins. */
  | { readonly kind: 'begun'; readonly name: string; readonly title: string }
  /** A check has ended. `detail` is what was seen, or why it failed. */
  | {
      readonly kind: 'ended';
      readonly name: string;
      readonly outcome: CheckOutcome;
      readonly durationMs: number;
      readonly detail: string;
    }
  /** The host is to lay its card on QEMU's reader, or to take it away. */
  | { readonly kind: 'card'; readonly action: 'insert' | 'remove' }
  /** Nothing more will come. */
  | { readonly kind: 'done' };

const MARK = '@lab ';

/** One line of the console, without its end. */
export function encodeEvent(event: LabEvent): string {
  return MARK + JSON.stringify(event);
}

/** The event in a line of the console, or `undefined` for what the guest prints otherwise. */
export function parseEvent(line: string): LabEvent | undefined {
  const at = line.indexOf(MARK);
  // The guest is ours: what bears the mark was written by `encodeEvent`.
  return at < 0 ? undefined : (JSON.parse(line.slice(at + MARK.length)) as LabEvent);
}
