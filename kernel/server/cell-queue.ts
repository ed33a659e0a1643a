import { setCurrentSignal } from "recsys-unlearning/core";
import type { ErrorContent, ExecuteRequest, Header, ParentHeader } from "../protocol/message";
import type { BackgroundTask } from "./background";
import { Captures } from "./captures";
import { Cell } from "./cell";
import type { ErrorReporter } from "./errors";
import type { Evaluator, Outcome } from "./evaluator";
import { isSignalled, withKept } from "./failures";
import type { History } from "./history";
import type { Asker } from "./input";
import type { LibFreshness } from "./lib-freshness";
import { isEmpty, type Outputs, type Publish } from "./outputs";
import { showing } from "./results";

/** One request to execute, with the way to answer it. */
export interface Job {
  readonly header: Header;
  readonly request: ExecuteRequest;
  /** The way back to who sent it. */
  readonly identities: Uint8Array[];
  readonly reply: (content: object) => void;
}

/** After a failure, what a client has already sent is still on its way for this long, and is not run. */
const abortWindowMs = 200;
/** The same after an interrupt: a cell that was sent before it and comes later is interrupted as well. */
const interruptedWindowMs = 20;
/** How long interrupted work may take to end in good order. */
const interruptGraceMs = 300;

/**
 * Runs cells one after another, and between them the work that controls ask for: what computes has the current signal
 * for itself. It is driven by events, not by a chain of promises: ending a synchronous loop drops
 * every promise reaction that was due, and the queue must go on all the same.
 */
export class CellQueue {
  private readonly waiting: Job[] = [];
  private readonly tasks: BackgroundTask[] = [];
  private task: BackgroundTask | undefined;
  private running: { job: Job; cell: Cell } | undefined;
  private lastCell: Cell | undefined;
  private count = 0;
  private hiddenCount = 0;
  private after: (cell: Cell) => void = () => undefined;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly errors: ErrorReporter,
    private readonly history: History,
    private readonly freshness: LibFreshness,
    private readonly publish: Publish,
  ) {}

  private readonly captures = new Captures();

  /** What output belongs to: whoever captures it, else the cell that runs, else the last. */
  get outputs(): Outputs | undefined {
    return this.captures.last ?? this.lastCell;
  }

  /** What messages that are sent now belong to. */
  get header(): ParentHeader {
    return this.outputs?.header ?? {};
  }

  /** The cell that runs, else the last. */
  get cell(): Cell | undefined {
    return this.lastCell;
  }

  /** The cell that runs, with the way to who sent it. */
  get asker(): Asker | undefined {
    const { running } = this;
    return running === undefined || running.cell.settled
      ? undefined
      : { cell: running.cell, identities: running.job.identities };
  }

  /** Sends output to `outputs` from now on. @returns ends that */
  capture(outputs: Outputs): () => void {
    this.captures.begin(outputs);
    return () => {
      if (this.captures.end(outputs)) outputs.finish();
    };
  }

  /** @param act is done at the end of each cell, before its output ends */
  afterEach(act: (cell: Cell) => void): void {
    this.after = act;
  }

  add(job: Job): void {
    this.waiting.push(job);
    this.next();
  }

  /**
   * Does a task when no cell runs.
   *
   * @returns cancels it: one that has begun and does not heed its signal is waited for
   */
  addTask(task: BackgroundTask): () => void {
    this.tasks.push(task);
    // Messages that have come already are read first: a newer value may take its place.
    setImmediate(() => this.next());
    return () => this.cancel(task);
  }

  private cancel(task: BackgroundTask): void {
    const waiting = this.tasks.indexOf(task);
    task.interruption.abort();
    if (waiting >= 0) this.tasks.splice(waiting, 1)[0].end();
  }

  private startTask(): void {
    const task = this.tasks.shift();
    if (task === undefined) return;
    this.task = task;
    this.captures.begin(task.outputs);
    setCurrentSignal(task.interruption.signal);
    task.start(() => this.endTask(task));
  }

  /** Ends a task, once, whoever comes first: its own end or its cancelling. */
  private endTask(task: BackgroundTask): void {
    if (this.task !== task) return;
    this.task = undefined;
    this.captures.end(task.outputs);
    setCurrentSignal(this.lastCell?.interruption.signal);
    task.end();
    this.next();
  }

  /**
   * Interrupts the running cell, or the work between cells: its signal is aborted, and if that does not end it soon, it
   * fails by name without waiting.
   *
   * @param done is called when it has ended
   * @param isEnded whether the cell's execution was ended, and nothing of it waits
   */
  interrupt(done: () => void = () => undefined, isEnded = false): void {
    const { running, task } = this;
    if (task !== undefined) {
      task.onEnd.push(done);
      this.cancel(task);
      setTimeout(() => this.endTask(task), interruptGraceMs);
      return;
    }
    // Work that a finished cell left behind is stopped as well.
    (running?.cell ?? this.lastCell)?.interruption.abort();
    if (running === undefined || running.cell.settled) return done();
    running.cell.onSettled.push(done);
    running.cell.isInterrupted = true;
    const giveUp = () => {
      if (!this.isRunning(running.cell)) return; // it has ended, and the next one is none of this interrupt's business
      const kept = this.evaluator.abandon();
      this.settle(running.cell, withKept(this.errors.interrupted(), kept));
    };
    if (isEnded) giveUp();
    else setTimeout(giveUp, interruptGraceMs);
  }

  /** Takes an error that nobody caught: it fails the cell that runs, unless it comes from an earlier one. */
  takeUncaught(error: unknown, origin: string | undefined): void {
    const cell = this.running?.cell;
    const isTheirs = origin === undefined || origin === cell?.name;
    if (cell !== undefined && this.isRunning(cell) && isTheirs) this.fail(cell, error);
    else this.outputs?.write("stderr", `${this.errors.thrown(error).traceback.join("\n")}\n`);
  }

  /** Ends a cell that may still wait for something that now never comes. */
  private fail(cell: Cell, error: unknown): void {
    cell.interruption.abort();
    const kept = this.evaluator.abandon();
    this.settle(cell, withKept(this.errors.thrown(error), kept));
  }

  private next(): void {
    if (this.running !== undefined || this.task !== undefined) return;
    const job = this.waiting.shift();
    if (job === undefined) return this.startTask();
    const cell = this.open(job);
    this.running = { job, cell };
    this.lastCell = cell;
    this.publish(job.header, "status", { execution_state: "busy" });
    cell.showInput();
    for (const warning of this.freshness.warnings(cell.request.code)) cell.write("stderr", `${warning}\n`);
    setCurrentSignal(cell.interruption.signal);
    void this.run(cell);
  }

  private open({ header, request }: Job): Cell {
    const silent = request.silent === true;
    const stored = !silent && request.store_history !== false;
    if (stored) this.history.add(++this.count, request.code);
    const name = stored ? `cell[${this.count}]` : this.unnumbered();
    return new Cell(header, request, name, this.count, silent, this.publish);
  }

  /** A script name for code that has no number. */
  private unnumbered(): string {
    return `cell[unnumbered-${++this.hiddenCount}]`;
  }

  private async run(cell: Cell): Promise<void> {
    try {
      const { question } = cell.request;
      if (question !== undefined) {
        const answer = await this.evaluator.answer(question);
        return this.settle(cell, undefined, {}, answer);
      }
      const outcome = await this.evaluator.evaluate(cell.name, cell.request.code);
      // A turn of the event loop, in which rejections that nobody handles come up.
      await new Promise((resolve) => setImmediate(resolve));
      const error = this.failure(cell, outcome);
      if (error === undefined && outcome.status === "ok" && outcome.value !== undefined && this.isRunning(cell)) {
        const bundle = await showing(outcome.value);
        if (!isEmpty(bundle)) cell.showResult(bundle);
      }
      if (error === undefined) await cell.displayed();
      const expressions = error === undefined ? await this.userExpressions(cell) : {};
      this.settle(cell, error, expressions);
    } catch (error) {
      this.settle(cell, this.errors.thrown(error));
    }
  }

  private failure(cell: Cell, outcome: Outcome): ErrorContent | undefined {
    if (outcome.status === "diagnosed") return this.errors.diagnosed(outcome.diagnostics, cell.name, cell.request.code);
    if (outcome.status === "ok") return undefined;
    if (outcome.status === "interrupted") return this.errors.interrupted();
    const isInterrupted = cell.interruption.signal.aborted || isSignalled(outcome.error);
    const error = isInterrupted ? this.errors.interrupted(outcome.error) : this.errors.thrown(outcome.error);
    return withKept(error, outcome.kept);
  }

  private async userExpressions(cell: Cell): Promise<Record<string, object>> {
    const results: Record<string, object> = {};
    for (const [key, expression] of Object.entries(cell.request.user_expressions ?? {})) {
      const outcome = await this.evaluator.evaluate(this.unnumbered(), `(${expression})`);
      const error = this.failure(cell, outcome);
      results[key] =
        error === undefined && outcome.status === "ok"
          ? { status: "ok", ...(await showing(outcome.value)) }
          : { status: "error", ...error };
    }
    return results;
  }

  private isRunning(cell: Cell): boolean {
    return this.running?.cell === cell && !cell.settled;
  }

  /** Ends a cell, once, whoever comes first: its own end or an interrupt. */
  private settle(
    cell: Cell,
    error: ErrorContent | undefined,
    userExpressions: Record<string, object> = {},
    answer?: string,
  ): void {
    const job = this.running?.job;
    if (job === undefined || !this.isRunning(cell)) return;
    cell.settled = true;
    for (const done of cell.onSettled) done();
    if (cell.resultText !== undefined) this.history.addOutput(cell.count, cell.resultText);
    this.freshness.note();
    this.after(cell);
    if (error !== undefined) cell.showError(error);
    cell.finish();
    if (error === undefined) {
      const given = answer === undefined ? {} : { answer };
      job.reply({
        ...{ status: "ok", execution_count: cell.count },
        payload: cell.pages.map((data) => ({ source: "page", data, start: 0 })),
        user_expressions: userExpressions,
        ...given,
      });
      this.close(job);
    } else if (job.request.stop_on_error === false) {
      job.reply({ status: "error", execution_count: cell.count, ...error });
      this.close(job);
    } else {
      // A client that sends one cell after another loses nothing by this order; one that sent them all gets the rest
      // aborted.
      const end = () => {
        this.abortWaiting();
        job.reply({ status: "error", execution_count: cell.count, ...error });
        this.close(job);
      };
      setTimeout(end, cell.isInterrupted ? interruptedWindowMs : abortWindowMs);
    }
  }

  private close(job: Job): void {
    this.publish(job.header, "status", { execution_state: "idle" });
    this.running = undefined;
    this.next();
  }

  private abortWaiting(): void {
    for (const job of this.waiting.splice(0)) {
      this.publish(job.header, "status", { execution_state: "busy" });
      job.reply({ status: "aborted" });
      this.publish(job.header, "status", { execution_state: "idle" });
    }
  }
}
