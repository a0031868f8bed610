import type { RegisteredRecords } from '#api/contract/records-api.ts';
import { Problem } from '#api/contract/problem.ts';
import type { Gateway } from '#lib/api/gateway.ts';
import { isAttachmentName, wrapAttachment } from '#lib/documents/attachment-file.ts';
import { BundleError } from '#lib/results/bundle-error.ts';
import { parseBundleFile, type BundleFile } from '#lib/results/bundle-file.ts';
import { matchPatient, type PatientMatch } from '#lib/results/patient-match.ts';
import type { RecordedVisit } from '#lib/sharing/recent-visits.ts';

/** A file that can be registered, as it is shown before anything is sent. */
export interface ReadyFile {
  readonly name: string;
  readonly file: BundleFile;
  readonly match: PatientMatch;
}

/** Where the registration of one file is. */
export type RegistrationStage =
  | { readonly kind: 'empty' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'refused'; readonly name: string; readonly error: BundleError }
  | ({ readonly kind: 'ready'; readonly error?: unknown } & ReadyFile)
  | ({ readonly kind: 'registering' } & ReadyFile)
  | { readonly kind: 'done'; readonly answer: RegisteredRecords };

/** What a dropped or fetched file is, before its text was read. */
export interface FileSource {
  readonly name: string;
  text(): Promise<string>;
  /** Missing where a file can only be text. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/** Registers one file for one visit: read, checked, shown, confirmed, sent. Nothing leaves this device before `register`. */
export class Registration {
  readonly visit: RecordedVisit;
  #stage = $state.raw<RegistrationStage>({ kind: 'empty' });
  #needsConfirmation = $state.raw(false);
  #isConfirmed = $state.raw(false);
  readonly #gateway: Pick<Gateway, 'registerRecords'>;

  constructor(visit: RecordedVisit, gateway: Pick<Gateway, 'registerRecords'>) {
    this.visit = visit;
    this.#gateway = gateway;
  }

  get stage(): RegistrationStage {
    return this.#stage;
  }

  /** The file names somebody else, by our eyes or by the server's: a person has to look. */
  get needsConfirmation(): boolean {
    return this.#needsConfirmation;
  }

  get isConfirmed(): boolean {
    return this.#isConfirmed;
  }

  get mayRegister(): boolean {
    return this.#stage.kind === 'ready' && (!this.#needsConfirmation || this.#isConfirmed);
  }

  confirm(isConfirmed: boolean): void {
    this.#isConfirmed = isConfirmed;
  }

  /** Another file, please. */
  clear(): void {
    this.#stage = { kind: 'empty' };
    this.#needsConfirmation = false;
    this.#isConfirmed = false;
  }

  /** Reads a file. Ends in `ready` or `refused`, never in a rejection. */
  async read(source: FileSource): Promise<void> {
    this.clear();
    this.#stage = { kind: 'reading' };
    try {
      const file = parseBundleFile(await this.#readText(source));
      const match = matchPatient(file.patient, this.visit.person);
      this.#needsConfirmation = match.differences.length > 0;
      this.#stage = { kind: 'ready', name: source.name, file, match };
    } catch (error) {
      // A file that the browser cannot read is no JSON either.
      const refusal =
        error instanceof BundleError ? error : new BundleError('bundle_not_json', undefined, { cause: error });
      this.#stage = { kind: 'refused', name: source.name, error: refusal };
    }
  }

  /** A scan or a picture is wrapped up for the person of the visit. */
  async #readText(source: FileSource): Promise<string> {
    if (!source.arrayBuffer || !isAttachmentName(source.name)) return source.text();
    const bytes = new Uint8Array(await source.arrayBuffer());
    return wrapAttachment({ name: source.name, bytes }, this.visit.person, readClock());
  }

  /** Sends the file that is shown. A server that sees another person asks for the confirmation that is missing here. */
  async register(): Promise<void> {
    const stage = this.#stage;
    if (stage.kind !== 'ready' || !this.mayRegister) return;
    const { name, file, match } = stage;
    this.#stage = { kind: 'registering', name, file, match };
    try {
      const answer = await this.#gateway.registerRecords({
        visitId: this.visit.visitId,
        kind: file.kind,
        bundle: file.json,
        confirmOtherName: this.#isConfirmed,
      });
      this.#stage = { kind: 'done', answer };
    } catch (error) {
      const asksToConfirm = error instanceof Problem && error.code === 'conflict' && !this.#isConfirmed;
      if (asksToConfirm) this.#needsConfirmation = true;
      this.#stage = { kind: 'ready', name, file, match, ...(asksToConfirm ? {} : { error }) };
    }
  }
}

const readClock = (): Date => new Date();
