/** Lets what belongs to one session happen one after another, while sessions go beside each other. */
export function createTurns(): (sid: string, work: () => Promise<void>) => Promise<void> {
  const turns = new Map<string, Promise<void>>();
  return (sid, work) => {
    const before = turns.get(sid) ?? Promise.resolve();
    const turn = before.then(work);
    const settled = turn.catch(() => {});
    turns.set(sid, settled);
    void settled.then(() => turns.get(sid) === settled && turns.delete(sid));
    return turn;
  };
}
