import * as z from 'zod';
import { Base64Url32 } from '#api/contract/ids.ts';
import { StaffPerson, type StaffRole } from '#api/contract/staff-person.ts';

/** Why nobody is signed in: nobody was yet, somebody locked it, nobody touched it for long, or the server ended it. */
export type Absence = 'nobody' | 'locked' | 'idle' | 'ended';

/** What the tabs of one browser tell each other. */
const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('who') }),
  z.object({
    kind: z.literal('signed-in'),
    person: StaffPerson,
    token: Base64Url32.nullable(),
    /** Opens the person's copies; tabs of one origin may hand keys to one another, and nobody else gets them. */
    key: z.instanceof(CryptoKey).optional(),
  }),
  z.object({ kind: z.literal('locked'), absence: z.enum(['locked', 'idle', 'ended']) }),
  z.object({ kind: z.literal('active') }),
]);
export type TabMessage = z.infer<typeof Message>;

export type TabChannel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;

/** Somebody, as far as they could be known: a token where the server agreed, a key where they have a vault here. */
export interface SignedIn {
  readonly person: StaffPerson;
  readonly token?: string | undefined;
  readonly key?: CryptoKey | undefined;
}

interface Dependencies {
  readonly channel: TabChannel;
  /** Tells the server; what it answers changes nothing here. */
  readonly endSession: (token: string) => Promise<unknown>;
  readonly after: (ms: number, work: () => void) => void;
}

/** A screen that was left locked for this long is no longer somebody's: what was on it goes. */
const KEEP_SCREEN_MS = 15 * 60_000;

/**
 * Who is signed in on this device. The token and the key of the person's copies live in this window's memory and are gone
 * when the screen locks; all tabs of the browser lock and unlock together.
 */
export class Staff {
  #person = $state.raw<StaffPerson | undefined>(undefined);
  #token = $state.raw<string | undefined>(undefined);
  #key = $state.raw<CryptoKey | undefined>(undefined);
  #absence = $state.raw<Absence>('nobody');
  #occupant = $state.raw<string | undefined>(undefined);
  #lockedOn = 0;
  #listeners: readonly (() => void)[] = [];
  #onActive: (() => void) | undefined;
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Who is signed in. */
  get person(): StaffPerson | undefined {
    return this.#person;
  }

  get roles(): readonly StaffRole[] {
    return this.#person?.roles ?? [];
  }

  /** Why nobody is signed in. */
  get absence(): Absence {
    return this.#absence;
  }

  /** Whose screen it is, locked or not: rooms stay as they are while this stays the same. */
  get occupant(): string | undefined {
    return this.#occupant;
  }

  /** Signed in with the passkey alone, for want of a network: the server knows nothing of it. */
  get isOfflineOnly(): boolean {
    return this.#person !== undefined && this.#token === undefined;
  }

  /** Of the person's vault on this device; none where it keeps nothing for them. */
  get key(): CryptoKey | undefined {
    return this.#key;
  }

  /** Goes with every request of the person. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Called after somebody signed in, and after the screen locked. */
  onChange(listener: () => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => (this.#listeners = this.#listeners.filter((other) => other !== listener));
  }

  /** Listens to the other tabs and asks who is signed in. @param onActive somebody touched another tab */
  join(onActive: () => void): void {
    const { channel } = this.#dependencies;
    this.#onActive = onActive;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const parsed = Message.safeParse(data);
      if (parsed.success) this.#hear(parsed.data);
    };
    this.#tell({ kind: 'who' });
  }

  /** Somebody touched this tab. */
  noteActive(): void {
    if (this.#person) this.#tell({ kind: 'active' });
  }

  /** @param session without a token where only the device knows */
  begin({ person, token, key }: SignedIn): void {
    this.#enter({ person, token, key });
    this.#tell(this.#describe(person));
  }

  /** The person's copies have a new key, or their first. */
  useKey(key: CryptoKey): void {
    if (this.#person) this.begin({ person: this.#person, token: this.#token, key });
  }

  lock(absence: 'locked' | 'idle' | 'ended' = 'locked'): void {
    if (!this.#person) return;
    const token = this.#token;
    this.#leave(absence);
    this.#tell({ kind: 'locked', absence });
    if (token) void this.#dependencies.endSession(token).catch(() => {});
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'who':
        if (this.#person) this.#tell(this.#describe(this.#person));
        return;
      case 'signed-in':
        this.#enter({ person: message.person, token: message.token ?? undefined, key: message.key });
        return;
      case 'locked':
        if (this.#person) this.#leave(message.absence);
        return;
      case 'active':
        this.#onActive?.();
    }
  }

  #describe(person: StaffPerson): TabMessage {
    const key = this.#key ? { key: this.#key } : {};
    return { kind: 'signed-in', person, token: this.#token ?? null, ...key };
  }

  #enter({ person, token, key }: SignedIn): void {
    this.#person = person;
    this.#token = token;
    this.#key = key;
    this.#occupant = person.id;
    this.#changed();
  }

  #leave(absence: Absence): void {
    this.#person = undefined;
    this.#token = undefined;
    this.#key = undefined;
    this.#absence = absence;
    const turn = (this.#lockedOn += 1);
    this.#dependencies.after(KEEP_SCREEN_MS, () => {
      if (turn === this.#lockedOn && !this.#person) this.#occupant = undefined;
    });
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #tell(message: TabMessage): void {
    this.#dependencies.channel.postMessage(message);
  }
}
