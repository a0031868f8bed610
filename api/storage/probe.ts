/** A place to write to for no other reason than to see that writing works, all the way to the disk. */
export interface ProbeStore {
  /** Resolves once the write is durable; rejects as every other write would. */
  write(at: Date): Promise<void>;
}
