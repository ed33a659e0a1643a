import type { Worker } from "node:worker_threads";
import { libFolder, setProgressSink } from "recsys-unlearning/core";
import * as tslab from "tslab/dist/jupyter";
import { type Content, type DisplayData, MessageMaker } from "../protocol/message";
import { serialize } from "../protocol/wire";
import type { Publish } from "./cell";
import { CellQueue } from "./cell-queue";
import { CellSources } from "./cell-sources";
import { cellOf, ErrorReporter } from "./errors";
import { Evaluator } from "./evaluator";
import { History } from "./history";
import { absorbTermination } from "./interrupter";
import { Kernel } from "./kernel";
import { LibFreshness } from "./lib-freshness";
import { refuseInput } from "./no-input";
import type { ToIo, ToMain } from "./port";
import type { Signals } from "./signals";
import { installStackTraces } from "./stack-traces";
import { captureStreams } from "./streams";

/** A cell that ends its process would take every variable with it. */
class ProcessExitError extends Error {
  constructor(code: unknown) {
    super(
      `process.exit(${String(code ?? "")}) was called; restart the kernel from the client if that is what you want`,
    );
    this.name = "ProcessExitError";
  }
}

/** Puts the kernel's parts together and connects them with the I/O thread, Node's process and lib. */
export function startKernel(surroundings: {
  io: Worker;
  signals: Signals;
  info: Content;
  root: string;
  session: string;
}): void {
  const { io, signals, info, root, session } = surroundings;
  const messages = new MessageMaker(session, "kernel");
  const send = (order: ToIo) => io.postMessage(order);
  const publish: Publish = (parent, type, content) =>
    send({ type: "publish", topic: type, parts: serialize(messages.make(type, content, parent)) });

  const cells = new CellSources();
  const errors = new ErrorReporter(root, cells);
  const evaluator = new Evaluator(root, cells);
  const history = new History();
  const queue = new CellQueue(evaluator, errors, history, new LibFreshness(libFolder(), root), publish);
  const kernel = new Kernel(info, evaluator, queue, history, publish);

  installStackTraces(root, cells);
  refuseInput();
  captureStreams((name, text) => queue.outputCell?.write(name, text));
  setProgressSink((event) => queue.outputCell?.showProgress(event));
  // What `tslab.display` and lib's displays call.
  (tslab as { lastWriteDisplayData: (data: DisplayData, update: boolean) => void }).lastWriteDisplayData = (
    data,
    update,
  ) => queue.outputCell?.display(data, update);

  const exit = process.exit.bind(process);
  process.exit = (code) => {
    throw new ProcessExitError(code);
  };
  process.on("uncaughtException", (error) => queue.takeUncaught(error, cellOf(error)));
  process.on("unhandledRejection", (reason) => queue.takeUncaught(reason, cellOf(reason)));
  process.on("SIGINT", () => queue.interrupt());

  io.on("error", (error) => {
    throw error;
  });
  io.on("message", (order: ToMain) => {
    absorbTermination(signals);
    switch (order.type) {
      case "request":
        if (!signals.takeRequest(order.id)) return;
        return kernel.take(order.message, (type, content) =>
          send({
            type: "reply",
            identities: order.identities,
            parts: serialize(messages.make(type, content, order.message.header)),
          }),
        );
      case "interrupt":
        if (signals.seeInterrupt(order.id)) queue.interrupt();
        return;
      case "shutdown":
        // Timers, training and other open handles of cells do not keep a kernel alive.
        exit(0);
    }
  });
}
