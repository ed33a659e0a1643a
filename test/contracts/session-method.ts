import { beforeAll, describe, expect, it } from "vitest";
import { CancelledError, InvalidOptionError, setCurrentSignal } from "recsys-unlearning/core";
import { forgetSamples, type Sessions } from "recsys-unlearning/data";
import { liveWorkspaces, tensorEngine } from "recsys-unlearning/engine";
import type { SessionEnsemble, SessionModel } from "recsys-unlearning/models";
import { applyUpdate, type SessionUnlearningRequest, type UnlearningResult } from "recsys-unlearning/training";
import { bytes, original, rowsOf, split } from "../baselines/sessions/small";

/** What the method starts from, and how it answers; `extra` joins its options. */
export interface ReadySessionMethod<M> {
  readonly start: M;
  unlearn(request: SessionUnlearningRequest, extra?: object): Promise<UnlearningResult<M, unknown>>;
}

/** What the shared suite needs to know of a session method. */
export interface SessionMethodUnderTest<M> {
  /** Makes ready, with options that answer in a second or two. */
  prepare(original: SessionModel): Promise<ReadySessionMethod<M>>;
  /**
   * The options under which it learns from retained events alone; left out where it reads the forgotten ones by design.
   */
  readonly retainOnly?: object;
}

/** A request to forget some events of the small sessions. */
export function sessionRequest(forgetRows: Int32Array, train: Sessions = split.train): SessionUnlearningRequest {
  return { name: "test", train, forgetRows, samples: forgetSamples(train, forgetRows) };
}

/** Events from the middle of sessions, so that each has a history before it and an event after it. */
export const forgetRows = rowsOf(split.train, [0, 3, 8, 11, 20, 26], 2);

/** The parameters of the model after forgetting. */
export async function bytesAfter<M extends SessionModel | SessionEnsemble>(
  { start, unlearn }: ReadySessionMethod<M>,
  request: SessionUnlearningRequest,
  extra?: object,
): Promise<string[]> {
  return bytes(applyUpdate(start as never, (await unlearn(request, extra)).update as never));
}

/** What every session method must do. A new one passes by one line: `describeSessionMethod("name", { … })`. */
export function describeSessionMethod<M extends SessionModel | SessionEnsemble>(
  name: string,
  subject: SessionMethodUnderTest<M>,
): void {
  describe(`${name} as a session method`, () => {
    const request = sessionRequest(forgetRows);
    let ready: ReadySessionMethod<M>;
    beforeAll(async () => {
      ready = await subject.prepare(await original());
    }, 60_000);

    it("is the identity when nothing is to be forgotten", async () => {
      expect(await bytesAfter(ready, sessionRequest(new Int32Array(0)))).toEqual(bytes(ready.start));
    });

    it("gives the same bytes for the same seed, others than the original's, which stays as it was", async () => {
      const before = bytes(ready.start);
      const first = await bytesAfter(ready, request);
      expect(await bytesAfter(ready, request)).toEqual(first);
      expect(first).not.toEqual(before);
      expect(bytes(ready.start)).toEqual(before);
    });

    if (subject.retainOnly !== undefined)
      it("never reads a forgotten event", async () => {
        const gone = new Set(forgetRows);
        const expected = await bytesAfter(ready, request, subject.retainOnly);
        const { item, itemCount, row } = split.train;
        const kept = item.slice();
        for (let event = 0; event < item.length; event++)
          // in place: a preparation knows its sessions
          if (gone.has(row[event])) item[event] = (item[event] + 7) % itemCount;
        try {
          const poisoned = sessionRequest(forgetRows, split.train);
          expect(await bytesAfter(ready, poisoned, subject.retainOnly)).toEqual(expected);
        } finally {
          item.set(kept);
        }
      });

    it("refuses an option it does not know", async () => {
      await expect(ready.unlearn(request, { lerningRate: 1 })).rejects.toThrow(InvalidOptionError);
    });

    it("leaves no tensor and no workspace behind, also where it is interrupted", async () => {
      const { tf } = await tensorEngine();
      await ready.unlearn(request);
      const held = () => [tf.memory().numTensors, liveWorkspaces()];
      const before = held();
      await ready.unlearn(request);
      expect(held()).toEqual(before);
      setCurrentSignal(AbortSignal.abort());
      try {
        await expect(ready.unlearn(request)).rejects.toThrow(CancelledError);
      } finally {
        setCurrentSignal(undefined);
      }
      expect(held()).toEqual(before);
    });
  });
}
