/** What the person at the simulated reader's keys does when asked for a PIN. */
export interface SimulatedKeypad {
  /** The PINs typed, one after the other; `null` is the cancel key, running out of them is waiting too long. */
  readonly entries: (string | null)[];
}

const CANCELLED = 0xef;
const TIMEOUT = 0xf0;

/**
 * The command that PC_to_RDR_Secure describes, with the typed PIN in it, or bError. ASCII coding and byte offsets only;
 * modification needs the old PIN first when it asks for it.
 */
export function completePinCommand(secure: Uint8Array, keypad: SimulatedKeypad): Uint8Array | number {
  const isModification = secure[0] === 1;
  const offset = ((secure[2] ?? 0) >> 3) & 0x0f;
  if (!isModification) {
    const pin = keypad.entries.shift();
    if (pin === undefined) return TIMEOUT;
    return pin === null ? CANCELLED : insert(secure.slice(15), [[offset, pin]]);
  }
  const asksForOld = ((secure[9] ?? 0) & 2) !== 0;
  const typed = asksForOld ? keypad.entries.splice(0, 3) : ['', ...keypad.entries.splice(0, 2)];
  const [old, fresh, again] = typed;
  if (typed.includes(null)) return CANCELLED;
  if (old === undefined || old === null || fresh === null || fresh === undefined || fresh !== again) return TIMEOUT;
  const template = secure.slice(14 + (secure[11] ?? 0) + 3);
  return insert(template, [
    [secure[5] ?? 0, old],
    [secure[6] ?? 0, fresh],
  ]);
}

/** bTeoPrologue: the T=1 prologue that the host wants before the command. */
export function pinPrologue(secure: Uint8Array): Uint8Array {
  const at = secure[0] === 1 ? 14 + (secure[11] ?? 0) : 12;
  return secure.slice(at, at + 3);
}

/** Digits go behind Lc at their offsets, and Lc grows when they reach past the template's data. */
function insert(template: Uint8Array, parts: readonly (readonly [offset: number, pin: string])[]): Uint8Array {
  const data = [...template.slice(5)];
  for (const [offset, pin] of parts) [...pin].forEach((digit, i) => (data[offset + i] = digit.charCodeAt(0)));
  return Uint8Array.from([...template.slice(0, 4), data.length, ...data]);
}
