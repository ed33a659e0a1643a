// A thread that computes pieces of operations. Most of its life it sleeps.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Control } from "./control";
import type { ThreadEngine, ThreadOrders } from "./pool";

/** A memory, with what works on it in this thread. */
interface Engine {
  readonly calls: readonly ((...values: number[]) => unknown)[];
  readonly scratch: number;
}

const { memory, thread } = workerData as ThreadOrders;
const control = new Control(memory);
const engines: Engine[] = [];

/** An engine by its number; it was sent before the first order for it. */
function engineOf(number: number): Engine {
  while (engines.length <= number) {
    const { message } = receiveMessageOnPort(parentPort!) as { message: ThreadEngine };
    const imports = { env: { memory: message.memory } };
    const instances = message.modules.map((module) => new WebAssembly.Instance(module, imports));
    const exports = Object.assign({}, ...instances.map((one) => one.exports)) as Record<string, () => unknown>;
    engines.push({ calls: message.names.map((name) => exports[name]), scratch: message.scratch });
  }
  return engines[number];
}

for (;;) {
  control.waitForPieces();
  control.setBusy(thread, true);
  try {
    for (let piece = control.take(); piece !== undefined; piece = control.take()) {
      const { calls, scratch } = engineOf(piece.engine);
      calls[piece.operation](...piece.arguments, scratch);
    }
  } catch {
    control.fail();
  }
  control.setBusy(thread, false);
}
