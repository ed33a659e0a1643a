import { InvalidDataError } from "../../core";
import { spelled } from "./spelling";

/** How much may be lost by a remedy that does not warn of it. */
const smallShare = 0.01;

interface FirstFault {
  readonly reason: string;
  readonly line: number;
  readonly hint: string;
}

/**
 * The malformed rows of one file. They are all counted before the first is reported: only then is it known what leaving
 * them out would lose.
 */
export class RowFaults {
  private first: FirstFault | undefined;
  private readonly counts = new Map<string, number>();

  /** @param drop whether they are left out; otherwise they end the reading */
  constructor(
    private readonly where: string,
    private readonly drop: boolean,
  ) {}

  /** @param hint a remedy that loses no rows, where there is one */
  add(reason: string, line: number, count = 1, hint = ""): void {
    this.first ??= { reason, line, hint };
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  get count(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Whether any row is malformed for this reason. */
  has(reason: string): boolean {
    return this.counts.has(reason);
  }

  /**
   * The error of the first row, where rows may not be dropped and there is one.
   *
   * @param kept rows that are well-formed; `null` where the file was not read to its end
   */
  refusal(kept: number | null): InvalidDataError | undefined {
    if (this.first === undefined || this.drop) return undefined;
    const { reason, line, hint } = this.first;
    if (kept === null)
      return new InvalidDataError(reason, { where: `${this.where}:${line}`, remedy: hint || "repair the file" });
    const total = kept + this.count;
    const small = this.count <= smallShare * total;
    const loss = `${spelled({ badRows: "drop" })} ${small ? "leaves" : "would leave"} out ${this.share(total)}`;
    const remedy = [hint, small ? loss : `repair the file; ${loss}`].filter((part) => part !== "").join("; ");
    return new InvalidDataError(reason, { where: `${this.where}:${line}`, remedy });
  }

  /** The rows that were left out, by reason. @throws InvalidDataError when they may not be, or when nothing is left */
  settle(kept: number): Readonly<Record<string, number>> {
    const refusal = this.refusal(kept);
    if (refusal !== undefined) throw refusal;
    if (kept === 0 && this.first !== undefined)
      throw new InvalidDataError(`no row is left: all ${this.count} are malformed, the first by ${this.first.reason}`, {
        where: `${this.where}:${this.first.line}`,
        remedy: this.first.hint === "" ? "look at this line: is the file what it is read as?" : this.first.hint,
      });
    return Object.fromEntries(this.counts);
  }

  private share(total: number): string {
    const percent = (100 * this.count) / total;
    const shown = percent >= 1 ? percent.toFixed(0) : percent.toPrecision(1);
    const reasons =
      this.counts.size === 1 ? "" : `: ${[...this.counts].map(([reason, n]) => `${n} x ${reason}`).join("; ")}`;
    return `${this.count} of ${total} rows (${shown} %)${reasons}`;
  }
}
