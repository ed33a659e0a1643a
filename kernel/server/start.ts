import type { MessagePort, Worker } from "node:worker_threads";
import { libFolder, setNotebookChannel, setProgressSink } from "recsys-unlearning/core";
import * as tslab from "tslab/dist/jupyter";
import { relativeTo } from "../path-masks";
import type { Content, DisplayData } from "../protocol/message";
import { CellQueue } from "./cell-queue";
import { CellSources } from "./cell-sources";
import type { ReportError } from "./background";
import { channelOf } from "./channel";
import { captureChildren } from "./child-output";
import { Comms } from "./comms";
import type { Place } from "./compiler-files";
import { guardAgainstCrashes } from "./crash-guard";
import { captureDescriptors } from "./descriptor-writes";
import { cellOf, ErrorReporter } from "./errors";
import { Evaluator } from "./evaluator";
import { helpOn } from "./help/help";
import { History } from "./history";
import { Input } from "./input";
import { inputGlobals } from "./input-globals";
import { absorbTermination } from "./interrupter";
import { Kernel } from "./kernel";
import { LibFreshness } from "./lib-freshness";
import type { Publish } from "./outputs";
import { plainData } from "./plain-data";
import type { ToIo, ToMain } from "./port";
import { signalGroup } from "./process-group";
import type { Signals } from "./signals";
import { connectStdin } from "./stdin-stream";
import { installStackTraces, restoreStackTraces } from "./stack-traces";
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
  answers: MessagePort;
  signals: Signals;
  info: Content;
  place: Place;
}): void {
  const { io, answers, signals, info, place } = surroundings;
  const { root } = place;
  const masks = [relativeTo(root), relativeTo(place.folder)];
  const post = io.postMessage.bind(io);
  const send = (order: ToIo) => post({ ...order, content: plainData(order.content) });
  const publish: Publish = (parent, messageType, content, extras) =>
    send({ type: "publish", messageType, content: content as Content, parent, ...extras });

  const cells = new CellSources();
  const errors = new ErrorReporter(masks, cells);
  let sections = 0;
  const evaluator = new Evaluator(place, cells, {
    beginCompiling: () => (signals.compiling = true),
    endCompiling: () => (signals.compiling = false),
    enterCell: () => (signals.section = ++sections),
    leaveCell: () => (signals.section = 0),
    wasInterrupted: () => {
      const id = signals.takeAskedInterrupt();
      if (id !== undefined) signals.endInterrupt(id);
      return id !== undefined;
    },
    warn: (found, name, code) => {
      const { traceback } = errors.diagnosed(found, name, code);
      queue.outputs?.write("stderr", `${["the cell runs in spite of:", ...traceback].join("\n")}\n`);
    },
  });
  const history = new History();
  const queue = new CellQueue(evaluator, errors, history, new LibFreshness(libFolder(), root), publish);
  const describe = (error: unknown) => errors.thrown(error).traceback.join("\n");
  const report: ReportError = (error, outputs) => outputs?.write("stderr", `${describe(error)}\n`);
  const comms = new Comms(
    (type, content, extras) => publish(queue.header, type, content, extras),
    (error) => report(error, queue.outputs),
  );
  const kernel = new Kernel(info, evaluator, queue, history, comms, publish);

  const input = new Input({
    ...{ signals, answers, send, asker: () => queue.asker },
    interrupted: () => {
      const id = signals.takeAskedInterrupt();
      queue.interrupt(() => id !== undefined && signals.endInterrupt(id));
    },
  });

  installStackTraces(root, masks, cells);
  Object.assign(globalThis, inputGlobals(input), {
    help: (topic?: unknown): void => queue.outputs?.show(helpOn(topic)),
  });
  const endReading = connectStdin(input);
  const restoreStreams = captureStreams((name, text) => queue.outputs?.write(name, text));
  captureDescriptors((name, text) => queue.outputs?.write(name, text));
  captureChildren(() => {
    // What a child writes later still belongs to the cell that started it.
    const outputs = queue.outputs;
    return (name, text) => outputs?.write(name, text);
  });
  queue.afterEach((cell) => {
    restoreStackTraces();
    input.endCell();
    endReading();
    for (const name of restoreStreams())
      cell.write("stderr", `process.${name}.write, which this cell replaced, is back\n`);
  });
  setNotebookChannel(channelOf(comms, queue, describe, report));
  setProgressSink((event) => queue.outputs?.showProgress(event));
  // What `tslab.display` and lib's displays call.
  (tslab as { lastWriteDisplayData: (data: DisplayData, update: boolean) => void }).lastWriteDisplayData = (
    data,
    update,
  ) => queue.outputs?.display(data, update);
  // What `display` of recsys-unlearning/notebook calls: a value is shown in one way only.
  Object.assign(globalThis, {
    [Symbol.for("recsys-unlearning.show")]: (value: unknown) => queue.outputs?.show(value),
  });

  const exit = process.exit.bind(process);
  process.exit = (code) => {
    throw new ProcessExitError(code);
  };
  guardAgainstCrashes((error) => queue.takeUncaught(error, cellOf(error)));
  process.on("SIGINT", () => queue.interrupt());

  io.on("error", (error) => {
    throw error;
  });
  io.on("message", (order: ToMain) => {
    absorbTermination(signals);
    kernel.recover();
    switch (order.type) {
      case "request":
        if (!signals.takeRequest(order.id)) return;
        return kernel.take(order.message, order.identities, (messageType, content) =>
          send({
            type: "reply",
            identities: order.identities,
            messageType,
            content: content as Content,
            parent: order.message.header,
          }),
        );
      case "answer":
        return input.take(order);
      case "interrupt":
        if (!signals.seeInterrupt(order.id)) return;
        queue.interrupt(() => signals.endInterrupt(order.id), evaluator.isEnded);
        return;
      case "shutdown":
        // What cells have started ends as well; the signal reaches this process, too, which is on its way out.
        process.on("SIGTERM", () => undefined);
        signalGroup("SIGTERM");
        // Timers, training and other open handles of cells do not keep a kernel alive.
        exit(0);
    }
  });
}
