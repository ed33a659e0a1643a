/** The variables of all cells, by name. Compiled cells read and write them as properties of `exports`. */
export class Variables {
  readonly values: Record<string, unknown> = {};
  /** The cell that has given each name its present declaration. */
  readonly owners = new Map<string, CellRun>();
}

/**
 * One run of a cell, as far as variables go: which of those that it declares it has set. A run that is over, or was
 * given up and goes on in the background, can no longer change what a later cell has declared under the same name.
 */
export class CellRun {
  /** What the compiled cell gets as `exports`. */
  readonly exports: Record<string, unknown>;
  /** The cell's value, if it ends with an expression. */
  result: unknown;
  private readonly announced = new Set<string>();
  private readonly set = new Set<string>();
  private over = false;

  /**
   * @param declared the values that the cell declares
   * @param resultName under which the compiled cell hands over the value of its last expression
   */
  constructor(
    private readonly variables: Variables,
    private readonly declared: ReadonlySet<string>,
    private readonly resultName: string | undefined,
  ) {
    this.exports = new Proxy(variables.values, {
      get: (values, name) =>
        typeof name === "string" && !(name in values) ? globalValue(name) : Reflect.get(values, name),
      set: (_, name, value: unknown) => this.take(name as string, value),
      // TypeScript hands over imports as getters, but they are to be variables like others.
      defineProperty: (_, name, { get, value }: PropertyDescriptor) =>
        name === "__esModule" || this.take(name as string, get === undefined ? value : (get() as unknown)),
    });
  }

  /**
   * Ends the run.
   *
   * @returns the names that it has set; with those that it declared without a value when it ran to its end
   */
  end(complete: boolean): ReadonlySet<string> {
    if (this.over) return this.set;
    this.over = true;
    if (complete) for (const name of this.announced) if (!this.set.has(name)) this.store(name, undefined);
    return this.set;
  }

  /** The values that it declares and has not set. */
  get missing(): string[] {
    return [...this.declared].filter((name) => !this.set.has(name));
  }

  private take(name: string, value: unknown): boolean {
    if (name === this.resultName) this.result = value;
    else if (!this.declared.has(name)) this.variables.values[name] = value;
    // Compiled modules begin by setting all they export to nothing.
    else if (value === undefined && !this.announced.has(name)) this.announced.add(name);
    else if (!this.over) this.store(name, value);
    else if (this.variables.owners.get(name) === this) this.variables.values[name] = value;
    return true;
  }

  private store(name: string, value: unknown): void {
    this.set.add(name);
    this.variables.owners.set(name, this);
    this.variables.values[name] = value;
  }
}

/** A name that a cell has declared global is read like a variable of an earlier cell. */
function globalValue(name: string): unknown {
  return (globalThis as Record<string, unknown>)[name];
}
