import { didYouMean, InvalidDataError } from "../../core";

type Plain = Readonly<Record<string, unknown>>;

/** The fields of an object of JSON, each read once with its type; errors say where it stands. */
export class Fields {
  private constructor(
    private readonly values: Plain,
    readonly where: string,
  ) {}

  /** @throws InvalidDataError where it is no object, or has a field that is not known, with the nearest */
  static of(value: unknown, where: string, known: readonly string[]): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new InvalidDataError("this is no object", { where, remedy: `give one with ${known.join(", ")}` });
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new InvalidDataError(`there is no field "${unknown}"`, { where, remedy: didYouMean(unknown, known) });
    return new Fields(value as Plain, where);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  any(name: string): unknown {
    return this.values[name];
  }

  text(name: string): string {
    const value = this.values[name];
    return typeof value === "string" && value !== "" ? value : this.refuse(name, "give text");
  }

  number(name: string): number {
    const value = this.values[name];
    return typeof value === "number" && Number.isFinite(value) ? value : this.refuse(name, "give a number");
  }

  word<T extends string>(name: string, known: readonly T[]): T {
    const value = this.text(name);
    return (known as readonly string[]).includes(value)
      ? (value as T)
      : this.refuse(name, didYouMean(value, known), `is "${value}"`);
  }

  list(name: string): readonly unknown[] {
    const value = this.values[name];
    return Array.isArray(value) ? value : this.refuse(name, "give a list");
  }

  private refuse(name: string, remedy: string, problem = this.has(name) ? "has another type" : "is missing"): never {
    throw new InvalidDataError(`"${name}" ${problem}`, { where: this.where, remedy });
  }
}
