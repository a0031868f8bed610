import { requireConsentScope, verifyConsentSignature } from '#api/contract/consent.ts';
import type { HistoryView } from '#api/contract/histories-api.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import type { VisitView } from '#api/contract/visits-api.ts';
import type { InstitutionId } from '#api/contract/ids.ts';
import type { Person } from '#api/contract/person.ts';
import type { ConsentScope } from '#api/contract/presence-proof.ts';
import { Problem } from '#api/contract/problem.ts';
import type { ReleasedDocument } from '#api/contract/release.ts';
import {
  createEmergencyRequest,
  createShareRequest,
  type ShareRequestDraft,
} from '#api/contract/share-request-draft.ts';
import type { ShareRequest } from '#api/contract/share-request.ts';
import type { SourcedDocument } from '#lib/results/read-results.ts';
import { createTimeline, type Timeline, type TimelineVisit } from '#lib/timeline/timeline.ts';
import { AskingNow } from './asking-now.svelte.ts';
import type { Names } from './trusted-keys.ts';

/** What a patient's consent opened. */
export interface OpenedHistory {
  readonly consent: HistoryView['consent'];
  readonly scope: ConsentScope;
  readonly timeline: Timeline;
}

/** Visits at one hospital: one request, signed and encrypted for it alone. */
export interface Selection {
  readonly institution: InstitutionId;
  readonly visits: readonly TimelineVisit[];
}

/** What the doctor decides for all hospitals at once. */
export type RequestChoice = Pick<ShareRequestDraft, 'purpose' | 'kinds' | 'reason' | 'requester'>;

/**
 * One patient as the doctor sees them now: this hospital's own records, the history that a consent opened, what was
 * picked, and what came back. Lives in memory only and is gone with the page.
 */
export class PatientChart {
  readonly visit: VisitView;
  readonly person: Person;
  readonly institution: InstitutionId;
  /** What other hospitals say they have, under the consent that stands. */
  readonly asking = new AskingNow();
  #history = $state.raw<OpenedHistory | undefined>(undefined);
  #picked = $state.raw<readonly string[]>([]);
  #own = $state.raw<readonly ReleasedDocument[] | undefined>(undefined);
  #requests = $state.raw<readonly SentRequest[]>([]);
  /** Documents that had arrived before: only later ones are news. */
  #known = $state.raw<readonly string[] | undefined>(undefined);

  constructor(visit: VisitView, person: Person, institution: InstitutionId) {
    this.visit = visit;
    this.person = person;
    this.institution = institution;
  }

  get history(): OpenedHistory | undefined {
    return this.#history;
  }

  isPicked(key: string): boolean {
    return this.#picked.includes(key);
  }

  get pickedCount(): number {
    return this.#picked.length;
  }

  /** This hospital's own documents; `undefined` until they were read. */
  get own(): readonly ReleasedDocument[] | undefined {
    return this.#own;
  }

  /** Requests about this patient, newest first. */
  get requests(): readonly SentRequest[] {
    return this.#requests;
  }

  /** Everything there is to read, each with the institution that vouches for it. */
  get documents(): readonly SourcedDocument[] {
    const own = (this.#own ?? []).map((document) => ({ document, institution: this.institution }));
    const received = this.#requests.flatMap(({ to, documents }) =>
      documents.map((document) => ({ document, institution: to })),
    );
    return [...own, ...received];
  }

  /** The picked visits by hospital. */
  get selections(): readonly Selection[] {
    const visits = (this.#history?.timeline.visits ?? []).filter(({ key, isOwn }) => !isOwn && this.isPicked(key));
    return [...Map.groupBy(visits, ({ visit }) => visit.institution)].map(([institution, visits]) => ({
      institution,
      visits,
    }));
  }

  keepOwn(documents: readonly ReleasedDocument[]): void {
    this.#own = documents;
  }

  /** Whether a document arrived while this patient was open. */
  isNew(documentId: string): boolean {
    const isReceived = this.#requests.some(({ documents }) => documents.some(({ id }) => id === documentId));
    return isReceived && this.#known?.includes(documentId) === false;
  }

  keepRequests(requests: readonly SentRequest[]): void {
    this.#requests = requests
      .filter(({ subject }) => subject === this.person.subject)
      .sort((left, right) => Date.parse(right.issuedAt) - Date.parse(left.issuedAt));
    this.#known ??= this.#requests.flatMap(({ documents }) => documents.map(({ id }) => id));
  }

  toggle(key: string): void {
    const others = this.#picked.filter((other) => other !== key);
    this.#picked = others.length < this.#picked.length ? others : [...others, key];
  }

  /** Picks every visit elsewhere. */
  pickAll(): void {
    const visits = this.#history?.timeline.visits ?? [];
    this.#picked = visits.filter(({ isOwn }) => !isOwn).map(({ key }) => key);
  }

  /** Picks the visits at one hospital, or those of them with these ids, beside what is picked already. */
  pickAt(institution: InstitutionId, visitIds?: readonly string[]): void {
    const keys = (this.#history?.timeline.visits ?? [])
      .filter(({ visit }) => visit.institution === institution && (visitIds?.includes(visit.id) ?? true))
      .map(({ key }) => key);
    this.#picked = [...this.#picked, ...keys.filter((key) => !this.isPicked(key))];
  }

  clearPicks(): void {
    this.#picked = [];
  }

  /** A request went to this hospital: its visits are no longer to be asked for. */
  dropPicksAt(institution: InstitutionId): void {
    const asked = this.selections.find((selection) => selection.institution === institution)?.visits ?? [];
    this.#picked = this.#picked.filter((key) => !asked.some((visit) => visit.key === key));
  }

  /** How many documents of a visit are here. */
  documentCount(visitId: string): number {
    return this.documents.filter(({ document }) => document.visitId === visitId).length;
  }

  /**
   * Takes over a history after checking here what the server says: that this patient's card signed the consent, and
   * every record with its exchange's key.
   *
   * @throws {Problem} `consent_invalid`, `consent_wrong_person`, `consent_wrong_scope`
   */
  async openHistory(view: HistoryView, names: Names): Promise<OpenedHistory> {
    const { claims, binding } = await verifyConsentSignature(view.consent, names.exchangeKeys);
    if (binding.subject !== this.person.subject) {
      throw new Problem('consent_wrong_person', 'the card that consented belongs to somebody else');
    }
    const scope = requireConsentScope(claims, []);
    const timeline = await createTimeline(view.parts, {
      subject: this.person.subject,
      institution: this.institution,
      receiptTrust: (exchange) => names.receiptTrust(exchange),
    });
    this.#history = { consent: view.consent, scope, timeline };
    this.clearPicks();
    this.asking.clear();
    return this.#history;
  }

  /** The requests that the doctor's card will sign, one for each hospital. @throws {Problem} `consent_expired` */
  draftRequests(choice: RequestChoice, createId: () => string, now: Date): readonly ShareRequest[] {
    const history = this.#history;
    if (!history) throw new RangeError('no consent yet');
    if (Date.parse(history.scope.expires) <= now.getTime()) throw new Problem('consent_expired', history.scope.expires);
    return this.selections.map(({ institution, visits }) =>
      createShareRequest(
        {
          ...choice,
          id: createId(),
          from: this.institution,
          to: institution,
          visits: visits.map(({ receipt }) => receipt.record),
          consent: history.consent,
          consentExpires: history.scope.expires,
        },
        now,
      ),
    );
  }

  /** Break-glass requests to these hospitals: the patient's visit here stands for the consent that cannot be had. */
  draftEmergency(
    choice: Pick<RequestChoice, 'kinds' | 'requester'> & {
      readonly reason: string;
      readonly to: readonly InstitutionId[];
    },
    createId: () => string,
    now: Date,
  ): readonly ShareRequest[] {
    const attendance = this.visit.record;
    if (attendance === null) throw new Problem('attendance_invalid', 'the visit here is not recorded yet');
    const { to, ...rest } = choice;
    return to.map((institution) =>
      createEmergencyRequest({ ...rest, id: createId(), from: this.institution, to: institution, attendance }, now),
    );
  }
}
