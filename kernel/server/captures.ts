import type { Outputs } from "./outputs";

/** Who takes output instead of the cell, the innermost last. */
export class Captures {
  private readonly taking: Outputs[] = [];

  get last(): Outputs | undefined {
    return this.taking.at(-1);
  }

  /** Sends output to `outputs` from now on. */
  begin(outputs: Outputs): void {
    this.taking.push(outputs);
  }

  /** @returns whether it was still taking any */
  end(outputs: Outputs): boolean {
    const at = this.taking.lastIndexOf(outputs);
    if (at >= 0) this.taking.splice(at, 1);
    return at >= 0;
  }
}
