/**
 * By which names the answers call the models. Gateways answer with the versioned name of a model, and some servers with
 * none: that is how they call it, and said once. It is another model's answer where the server lists both names and the
 * model's own description does not say that it is called so, or where the name changes.
 */
export class ModelNames {
  readonly #listed: ReadonlySet<string>;
  readonly #described = new Map<string, string>();
  readonly #answers = new Map<string, string | null>();
  /** Of the model that was asked last. */
  #usual: { readonly asked: string; readonly name: Uint8Array } | null = null;

  /** @param listed The models that the server lists. */
  constructor(listed: Iterable<string> = []) {
    this.#listed = new Set(listed);
  }

  /**
   * Takes note of how a model's own description calls it.
   *
   * @param asked Its name.
   * @param name The name there.
   */
  described(asked: string, name: string): void {
    this.#described.set(asked, name);
  }

  /**
   * Whether an answer may be that of the model which was asked.
   *
   * @param asked Its name.
   * @param answered The name in the answer, `null` where it has none.
   */
  accepts(asked: string, answered: string | null): boolean {
    const before = this.#answers.get(asked);
    if (before !== undefined) return answered === before;
    if (answered !== null && answered !== asked && this.#isOther(asked, answered)) return false;
    this.#answers.set(asked, answered);
    return true;
  }

  #isOther(asked: string, answered: string): boolean {
    return this.#listed.has(asked) && this.#listed.has(answered) && this.#described.get(asked) !== answered;
  }

  /**
   * The name by which the answers call a model, in UTF-8.
   *
   * @param asked Its name.
   * @returns `null` where none was accepted yet, or answers have none.
   */
  usual(asked: string): Uint8Array | null {
    if (this.#usual?.asked === asked) return this.#usual.name;
    const name = this.#answers.get(asked) ?? null;
    if (name === null) return null;
    this.#usual = { asked, name: new TextEncoder().encode(name) };
    return this.#usual.name;
  }

  /** What stands out, one sentence for each model. */
  notes(): string[] {
    return [...this.#answers].flatMap(([asked, answered]) => {
      if (answered === asked) return [];
      if (answered === null) return [`The answers do not say which model gave them; "${asked}" was asked.`];
      return [`The server answers for the model "${asked}" as "${answered}".`];
    });
  }
}
