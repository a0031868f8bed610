import type { VisitSummary } from '#api/contract/visits-api.ts';
import { searchKey } from './visit-search.ts';

/** Asks the gateway for one page, newest first. */
export type FetchVisitPage = (
  query: { readonly since: string; readonly after?: string; readonly limit: number },
  signal: AbortSignal,
) => Promise<readonly VisitSummary[]>;

const FIRST_PAGE = 200;
const PAGE = 1000;

/**
 * Every visit since an instant. The first question fetches all of them, page by page; later ones ask for the newest page
 * and go on only as far as something new is in it.
 */
export class VisitPages {
  #known: readonly VisitSummary[] = [];
  #isComplete = false;
  readonly #fetchPage: FetchVisitPage;

  constructor(fetchPage: FetchVisitPage) {
    this.#fetchPage = fetchPage;
  }

  /** @param show gets what is there so far, each time that it has doubled: the list is of use before it is complete */
  async fetch(
    since: string,
    signal: AbortSignal,
    show: (visits: readonly VisitSummary[]) => void,
  ): Promise<readonly VisitSummary[]> {
    const before = new Set(this.#known.map(({ submissionId }) => submissionId));
    const fresh = new Map<string, VisitSummary>();
    let shown = 0;
    for (let after: string | undefined, limit = FIRST_PAGE; ; limit = PAGE) {
      const page = await this.#fetchPage({ since, limit, ...(after ? { after } : {}) }, signal);
      for (const visit of page) {
        searchKey(visit);
        fresh.set(visit.submissionId, visit);
      }
      after = page.at(-1)?.submissionId;
      const meetsKnown = this.#isComplete && after !== undefined && before.has(after);
      if (page.length < limit || meetsKnown) break;
      if (!this.#isComplete && fresh.size >= 2 * shown) {
        shown = fresh.size;
        show([...fresh.values()]);
      }
    }
    const older = this.#known.filter(({ submissionId, receivedAt }) => receivedAt >= since && !fresh.has(submissionId));
    this.#isComplete = true;
    this.#known = [...fresh.values(), ...older];
    return this.#known;
  }
}
