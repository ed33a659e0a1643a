import type { Execution } from "../client/kernel-client";
import type { ErrorOutput, Output } from "../client/outputs";
import type { Notebook, NotebookCell } from "../notebook/notebook-file";
import { decodePlain, encodePlain, PlainValueError } from "../protocol/plain-values";
import { type Ask, askedName, type Plain } from "./checks";
import { type Box, type Confinement, openBox } from "./box";
import type { Limits } from "./sandbox";

/** What became of one cell. */
export interface CellResult {
  readonly id: string;
  readonly status: "ok" | "error" | "timeout" | "dead" | "not run";
  /** What went wrong, in a line. */
  readonly message?: string;
  readonly outputs: readonly Output[];
  readonly executionCount: number | null;
}

/** What became of one ask: a value, or how it failed. */
export type Answer = { readonly value: Plain } | { readonly problem: string };

/** How often a kernel that has died is started again, with the cells that did not kill it. */
const maxRestarts = 3;
/** What is said of an ask or a cell that was ended by its time-out. */
export const tookTooLong = "it took too long";
const outOfTime = "the time for the whole notebook was used up";

/**
 * One submission that is run: its cells from top to bottom, then asks. Whatever it does costs the cell or the ask that
 * does it; when its kernel dies, the others are tried in a new one.
 */
export class Session {
  readonly cells: CellResult[] = [];
  /**
   * How long executing the notebook alone takes: the start of its kernel, and one pass over its cells. Further tries,
   * where it has ended its kernel, are what grading adds.
   */
  executionMs = 0;
  private box: Box | undefined;
  private restarts = 0;
  private readonly deadly = new Set<NotebookCell>();
  private readonly startMs = performance.now();

  constructor(
    private readonly notebook: Notebook,
    private readonly how: Confinement,
    private readonly files: readonly (readonly [string, string])[],
    private readonly limits: Limits,
  ) {}

  /** Runs the cells. @throws KernelError where a kernel cannot be started at all */
  async run(): Promise<void> {
    const start = performance.now();
    for (let isFirst = true; isFirst || (this.box === undefined && this.mayRestart()); isFirst = false) {
      await this.runCells();
      if (this.executionMs === 0) this.executionMs = performance.now() - start;
    }
  }

  /** Evaluates one ask among the variables of the cells. */
  async ask(ask: Ask): Promise<Answer> {
    if (this.box?.kernel.isAlive !== true) {
      await this.drop();
      if (this.mayRestart()) await this.run();
    }
    const kernel = this.box?.kernel;
    if (kernel === undefined || !kernel.isAlive)
      return { problem: this.isOutOfTime ? outOfTime : "the notebook ends its own kernel" };
    const name = askedName(ask);
    const question = "call" in ask ? { name, args: encodePlain(ask.args) } : { name };
    const flags = { silent: true, store_history: false, stop_on_error: false };
    const execution = await kernel.execute("", { ...flags, question, timeoutMs: this.timeoutMs });
    return this.answerOf(execution, name);
  }

  async close(): Promise<void> {
    await this.drop();
  }

  private async runCells(): Promise<void> {
    this.cells.length = 0;
    this.box = await openBox(this.how, this.files, this.limits);
    const executions: { cell: NotebookCell; execution: Execution }[] = [];
    for (const cell of this.notebook.cells) {
      if (cell.cell_type !== "code" || cell.source.trim() === "" || this.deadly.has(cell)) continue;
      if (this.isOutOfTime) break;
      const execution = await this.box.kernel.execute(cell.source, { stop_on_error: false, timeoutMs: this.timeoutMs });
      executions.push({ cell, execution });
      if (this.box.kernel.isAlive) continue;
      this.deadly.add(cell);
      this.note(executions);
      await this.drop();
      return;
    }
    this.note(executions);
  }

  /** Puts down what became of each cell; of one that killed a kernel, what was seen then. */
  private note(executions: readonly { cell: NotebookCell; execution: Execution }[]): void {
    const seen = new Map(executions.map(({ cell, execution }) => [cell, execution]));
    for (const cell of this.notebook.cells) {
      if (cell.cell_type !== "code" || cell.source.trim() === "") continue;
      this.cells.push(this.resultOf(cell, seen.get(cell)));
    }
  }

  private readonly deaths = new Map<NotebookCell, CellResult>();

  private resultOf(cell: NotebookCell, execution: Execution | undefined): CellResult {
    const { id } = cell;
    if (execution === undefined)
      return this.deaths.get(cell) ?? { id, status: "not run", message: outOfTime, outputs: [], executionCount: null };
    const { status, outputs, executionCount } = execution;
    const message = messageOf(execution);
    const common = { id, outputs, executionCount };
    if (!this.deadly.has(cell))
      return {
        ...common,
        status: status === "aborted" ? "error" : status,
        ...(status === "ok" ? {} : { message }),
      };
    const why = this.box?.excess() ?? (status === "timeout" ? message : "it ended its own kernel");
    const death: CellResult = { ...common, status: status === "timeout" ? "timeout" : "dead", message: why };
    this.deaths.set(cell, death);
    return death;
  }

  private answerOf(execution: Execution, name: string): Answer {
    const { status, reply } = execution;
    if (status !== "ok") {
      const problem = status === "error" ? problemOf(reply, name) : (this.box?.excess() ?? messageOf(execution));
      return { problem };
    }
    try {
      return { value: decodePlain(reply["answer"]) };
    } catch (error) {
      if (error instanceof PlainValueError) return { problem: `${name} gave no value` };
      throw error;
    }
  }

  private get isOutOfTime(): boolean {
    return performance.now() - this.startMs > this.limits.totalSeconds * 1000;
  }

  private get timeoutMs(): number {
    const left = this.limits.totalSeconds * 1000 - (performance.now() - this.startMs);
    return Math.max(1000, Math.min(left, this.limits.cellSeconds * 1000));
  }

  private mayRestart(): boolean {
    return !this.isOutOfTime && this.restarts++ < maxRestarts;
  }

  private async drop(): Promise<void> {
    const { box } = this;
    this.box = undefined;
    await box?.close();
  }
}

const maxMessage = 300;

function messageOf({ status, outputs }: Execution): string {
  if (status === "timeout") return tookTooLong;
  if (status === "dead") return "it ended its own kernel";
  const error = outputs.find((output): output is ErrorOutput => output.output_type === "error");
  return error === undefined ? "it failed" : shortened(`${String(error.ename)}: ${String(error.evalue)}`);
}

/** What an ask threw; of our own words, the words alone. */
function problemOf({ ename, evalue }: Record<string, unknown>, name: string): string {
  const text = String(evalue);
  return shortened(ename === "AnswerError" ? text : `${name} failed: ${String(ename)}: ${text}`);
}

function shortened(text: string): string {
  const [line] = text.split("\n");
  return line.length > maxMessage ? `${line.slice(0, maxMessage)}…` : line;
}
