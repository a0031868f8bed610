import type { Bed, BedConfirmation } from '#api/contract/bed.ts';
import type { BedRequests } from '#lib/api/bed-requests.ts';

/** What a tap at a bed said. `pending`: the tap is kept, and whose card it was will be known later. */
export type TapResult = BedConfirmation | { readonly outcome: 'pending' };

/** The beds of a ward, the one that somebody stands at, and what the card there said. */
export class Bedside {
  #beds = $state.raw<readonly Bed[] | undefined>(undefined);
  #chosenId = $state.raw<string | undefined>(undefined);
  #result = $state.raw<TapResult | undefined>(undefined);
  #visitId: string | undefined;
  readonly #requests: BedRequests;

  constructor(requests: BedRequests) {
    this.#requests = requests;
  }

  /** `undefined` until they were read. */
  get beds(): readonly Bed[] | undefined {
    return this.#beds;
  }

  get chosen(): Bed | undefined {
    return this.#beds?.find(({ id }) => id === this.#chosenId);
  }

  get result(): TapResult | undefined {
    return this.#result;
  }

  /** @throws {Problem} {ApiError} */
  async load(signal?: AbortSignal): Promise<void> {
    this.#beds = (await this.#requests.fetchBeds({ signal })).beds;
  }

  /** The beds as they were, when the server cannot be asked. */
  restore(beds: readonly Bed[]): void {
    this.#beds ??= beds;
  }

  choose(id: string | undefined): void {
    this.#chosenId = id;
    this.forgetTap();
  }

  forgetTap(): void {
    this.#result = undefined;
    this.#visitId = undefined;
  }

  /** A tap that no server has recorded: nobody can say whose card it was. */
  keepPending(): void {
    this.#result = { outcome: 'pending' };
  }

  /** Compares a recorded tap with who lies in the chosen bed. @throws {Problem} {ApiError} */
  async confirm(visitId: string): Promise<void> {
    const bed = this.chosen;
    if (!bed) return;
    const confirmation = await this.#requests.confirmBed(bed.id, visitId);
    this.#replace(confirmation.bed);
    // Somebody went on to another bed meanwhile: what this card said is not for that one.
    if (this.#chosenId !== bed.id) return;
    this.#visitId = visitId;
    this.#result = confirmation;
  }

  /** The person of the tap lies in the chosen bed from now on. @throws {Problem} {ApiError} */
  async moveIn(): Promise<void> {
    const bed = this.chosen;
    const visitId = this.#visitId;
    if (!bed || visitId === undefined) return;
    await this.#requests.occupyBed(bed.id, { visitId, replacing: bed.person?.subject ?? null });
    // Their card is still at hand: it has just said who lies here.
    await Promise.all([this.load(), this.confirm(visitId)]);
  }

  /** The chosen bed is empty from now on. @throws {Problem} {ApiError} */
  async moveOut(): Promise<void> {
    const bed = this.chosen;
    if (!bed?.person) return;
    this.#replace(await this.#requests.occupyBed(bed.id, { visitId: null, replacing: bed.person.subject }));
    this.forgetTap();
  }

  /** @throws {Problem} {ApiError} */
  async add(ward: string, name: string): Promise<void> {
    await this.#requests.addBed({ ward, name });
    await this.load();
  }

  /** Takes the chosen, empty bed away. @throws {Problem} {ApiError} */
  async remove(): Promise<void> {
    const bed = this.chosen;
    if (!bed) return;
    await this.#requests.removeBed(bed.id);
    this.choose(undefined);
    await this.load();
  }

  #replace(bed: Bed): void {
    this.#beds = this.#beds?.map((other) => (other.id === bed.id ? bed : other));
  }
}
