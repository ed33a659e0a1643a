import { createHmac } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { kernelFolder } from "../folders";
import type { JudgeReply, JudgeRequest } from "./judge-worker";

const defaultTimeoutMs = 120_000;

/** A judge that did not answer, or answered something else than it should. */
export class JudgeError extends Error {
  override readonly name = "JudgeError";
}

/** The thread in which one assignment's checks ask and judge; started anew when one of them has brought it down. */
export class Judges {
  private worker: Promise<Worker> | undefined;

  /** @param folder of the assignment's source */
  constructor(
    private readonly folder: string,
    private readonly timeoutMs = defaultTimeoutMs,
  ) {}

  /** @throws JudgeError where the check's function fails, ends the thread, or takes too long */
  async request(request: JudgeRequest): Promise<JudgeReply> {
    const worker = await (this.worker ??= this.start());
    const reply = await this.next(worker, () => worker.postMessage(request));
    if (typeof reply === "object" && reply !== null && "failure" in reply)
      throw new JudgeError(String((reply as { failure: unknown }).failure));
    return reply as JudgeReply;
  }

  async close(): Promise<void> {
    const worker = await this.worker?.catch(() => undefined);
    this.worker = undefined;
    await worker?.terminate();
  }

  private async start(): Promise<Worker> {
    const file = join(kernelFolder(), "dist", "course", "judge-worker.js");
    const worker = new Worker(file, { workerData: { folder: this.folder } });
    await this.next(worker, () => undefined);
    return worker;
  }

  private async next(worker: Worker, act: () => void): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    let fail: (error: Error) => void = () => undefined;
    const failed = (error: unknown) => fail(new JudgeError(String((error as Error)?.message ?? error)));
    const ended = () => failed(new Error("its thread has ended"));
    try {
      return await new Promise<unknown>((resolve, reject) => {
        fail = reject;
        worker.once("message", resolve).once("error", failed).once("exit", ended);
        timer = setTimeout(() => reject(new JudgeError("it took too long")), this.timeoutMs);
        act();
      });
    } catch (error) {
      this.worker = undefined;
      await worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
      worker.off("error", failed).off("exit", ended).removeAllListeners("message");
    }
  }
}

/** The seed of one draw: nobody knows it without the teacher's secret, and it is the same each time. */
export function seedOf(secret: string, assignment: string, student: string, check: string): number {
  const digest = createHmac("sha256", secret)
    .update(JSON.stringify([assignment, student, check]))
    .digest();
  return digest.readUIntBE(0, 6);
}
