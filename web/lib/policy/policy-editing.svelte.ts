import type { PolicyRule, PolicyRules, PolicyTrial, PolicyView } from '#api/contract/policy.ts';
import type { Gateway } from '#lib/api/gateway.ts';

/** Rules being changed: every step can be undone, and nothing is saved before it was tried on the past month. */
export class PolicyEditing {
  #view = $state.raw<PolicyView | undefined>(undefined);
  #rules = $state.raw<PolicyRules>([]);
  #past = $state.raw<readonly PolicyRules[]>([]);
  #future = $state.raw<readonly PolicyRules[]>([]);
  #trial = $state.raw<{ readonly rules: PolicyRules; readonly result: PolicyTrial } | undefined>(undefined);
  #error = $state.raw<unknown>(undefined);
  #isBusy = $state.raw(false);
  readonly #gateway: Pick<Gateway, 'fetchPolicy' | 'savePolicy' | 'tryPolicy'>;

  constructor(gateway: Pick<Gateway, 'fetchPolicy' | 'savePolicy' | 'tryPolicy'>) {
    this.#gateway = gateway;
  }

  /** What is in force and was; `undefined` until it was read. */
  get view(): PolicyView | undefined {
    return this.#view;
  }

  get rules(): PolicyRules {
    return this.#rules;
  }

  get error(): unknown {
    return this.#error;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get isChanged(): boolean {
    return JSON.stringify(this.#rules) !== JSON.stringify(this.#view?.current.rules ?? []);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** What the past month would have got from exactly the rules on the screen. */
  get trial(): PolicyTrial | undefined {
    return this.#trial?.rules === this.#rules ? this.#trial.result : undefined;
  }

  get maySave(): boolean {
    return this.isChanged && this.trial !== undefined && !this.#isBusy;
  }

  /** Reads what is in force; changes that were not saved go. */
  load(): Promise<void> {
    return this.#run(async () => this.#begin(await this.#gateway.fetchPolicy()));
  }

  put(rule: PolicyRule): void {
    const isKnown = this.#rules.some(({ id }) => id === rule.id);
    this.change(isKnown ? this.#rules.map((one) => (one.id === rule.id ? rule : one)) : [...this.#rules, rule]);
  }

  remove(id: string): void {
    this.change(this.#rules.filter((rule) => rule.id !== id));
  }

  /** Moves a rule by places; past either end it stays there. */
  move(id: string, places: number): void {
    const from = this.#rules.findIndex((rule) => rule.id === id);
    const rule = this.#rules[from];
    const to = Math.min(this.#rules.length - 1, Math.max(0, from + places));
    if (!rule || to === from) return;
    const others = this.#rules.filter((one) => one !== rule);
    this.change([...others.slice(0, to), rule, ...others.slice(to)]);
  }

  change(rules: PolicyRules): void {
    this.#past = [...this.#past, this.#rules];
    this.#future = [];
    this.#rules = rules;
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (!last) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#rules, ...this.#future];
    this.#rules = last;
  }

  redo(): void {
    const [next, ...later] = this.#future;
    if (!next) return;
    this.#future = later;
    this.#past = [...this.#past, this.#rules];
    this.#rules = next;
  }

  /** Tries the rules on the screen. */
  try(): Promise<void> {
    return this.#run(async () => {
      const rules = this.#rules;
      this.#trial = { rules, result: await this.#gateway.tryPolicy(rules) };
    });
  }

  /** Saves what was tried. Resolves with the new version, `undefined` when it was not saved. */
  async save(author: string, note: string): Promise<number | undefined> {
    const { view } = this;
    if (!view || !this.maySave) return undefined;
    await this.#run(async () => {
      const rules = this.#rules;
      const basedOn = view.current.version;
      this.#begin(await this.#gateway.savePolicy({ basedOn, rules, author, ...(note === '' ? {} : { note }) }));
    });
    return this.#error === undefined ? this.#view?.current.version : undefined;
  }

  #begin(view: PolicyView): void {
    this.#view = view;
    this.#rules = view.current.rules;
    this.#past = [];
    this.#future = [];
    this.#trial = undefined;
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    this.#error = undefined;
    try {
      await work();
    } catch (error) {
      this.#error = error;
    } finally {
      this.#isBusy = false;
    }
  }
}
