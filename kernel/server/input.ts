import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { CancelledError, RecsysError } from "recsys-unlearning/core";
import type { Cell } from "./cell";
import type { InputAnswer, ToIo } from "./port";
import type { Signals } from "./signals";

/** Input that cannot be had: nobody is there to give it, or the client cannot. */
class InputRefusedError extends RecsysError {}

/** Who asks: the cell that runs, and the way to whoever sent it. */
export interface Asker {
  readonly cell: Cell;
  readonly identities: Uint8Array[];
}

/** What {@link Input} needs of the kernel. */
interface InputSurroundings {
  readonly signals: Signals;
  readonly answers: MessagePort;
  readonly send: (order: ToIo) => void;
  /** The cell that runs, if one does. */
  readonly asker: () => Asker | undefined;
  /** Takes up an interrupt whose message has not been read yet. */
  readonly interrupted: () => void;
}

interface Waiting {
  readonly id: number;
  readonly take: (line: string) => void;
  readonly fail: (error: Error) => void;
}

/** Asks the person for input, by Jupyter's `input_request`. */
export class Input {
  private count = 0;
  private waiting: Waiting | undefined;

  constructor(private readonly kernel: InputSurroundings) {}

  /**
   * Asks, and blocks until the answer is there; an interrupt ends that.
   *
   * @param password whether the client is to hide what is typed
   * @throws InputRefusedError where the client takes no questions; CancelledError upon an interrupt
   */
  ask(prompt: string, password = false): string {
    const { answers, signals } = this.kernel;
    const id = this.send(prompt, password, true);
    signals.awaitInput(id);
    // What an execution that was ended never took lies before it.
    for (let got = receiveMessageOnPort(answers); got !== undefined; got = receiveMessageOnPort(answers)) {
      const answer = got.message as InputAnswer;
      if (answer.id === id) return this.valueOf(answer);
    }
    throw new CancelledError("the question");
  }

  /** Asks without blocking; one of the two is called, unless the cell ends before. */
  askLater(take: (line: string) => void, fail: (error: Error) => void): void {
    try {
      this.waiting = { id: this.send("", false, false), take, fail };
    } catch (error) {
      fail(error as Error);
    }
  }

  /** Takes the answer to what was asked without blocking. */
  take(answer: InputAnswer): void {
    const { waiting } = this;
    if (waiting?.id !== answer.id) return;
    this.waiting = undefined;
    // An interrupt ends the cell, and with it who waits.
    if ("value" in answer) waiting.take(answer.value);
    else if (answer.missing === "unreachable") waiting.fail(unreachable());
  }

  /** To be called at the end of a cell: an answer that is still to come is nobody's. */
  endCell(): void {
    if (this.waiting === undefined) return;
    this.waiting = undefined;
    this.kernel.send({ type: "forget", messageType: "", content: {}, parent: {} });
  }

  private send(prompt: string, password: boolean, inPlace: boolean): number {
    const asker = this.kernel.asker();
    if (asker === undefined) throw new InputRefusedError("input can be asked for only while a cell runs");
    const { cell, identities } = asker;
    if (cell.interruption.signal.aborted) throw new CancelledError("the question");
    if (cell.request.allow_stdin !== true)
      throw new InputRefusedError("this client takes no questions, so that the cell cannot ask for input", {
        remedy: "set a variable in a cell instead, or run the notebook in JupyterLab",
      });
    if (this.waiting !== undefined)
      throw new InputRefusedError("something else in this cell waits for input already", {
        remedy: "ask one question after another",
      });
    cell.flush();
    const id = ++this.count;
    const content = { prompt, password };
    this.kernel.send({
      type: "ask",
      messageType: "input_request",
      content,
      parent: cell.header,
      identities,
      id,
      inPlace,
    });
    return id;
  }

  private valueOf(answer: InputAnswer): string {
    if ("value" in answer) return answer.value;
    if (answer.missing === "unreachable") throw unreachable();
    this.kernel.interrupted();
    throw new CancelledError("the question");
  }
}

function unreachable(): InputRefusedError {
  return new InputRefusedError("the client said that it takes questions, but does not listen on its stdin channel", {
    remedy: "set a variable in a cell instead, or run the notebook in JupyterLab",
  });
}
