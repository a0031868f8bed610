export interface MisbehaviourRow {
  readonly origin: string;
  readonly seen_note: string;
  readonly offered_note: string;
  readonly noticed_at: number;
}
