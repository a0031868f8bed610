/** Remembers the ids of signed requests as long as their signatures are acceptable. */
export interface RequestMemory {
  /** True the first time an id is seen inside the window. */
  remember(id: string, now: Date): boolean | Promise<boolean>;
}
