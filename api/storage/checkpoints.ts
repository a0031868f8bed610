/** The newest checkpoint that a gateway saw of its exchange's log; a smaller one never replaces it. */
export interface CheckpointStore {
  /** The signed note. */
  read(): Promise<string | undefined>;
  save(checkpoint: { readonly size: number; readonly note: string }): Promise<void>;
}
