import { expect, it } from "vitest";
import { fineTune, sessionSisa, sru } from "recsys-unlearning/baselines";
import { cau, sessionGradientAscent } from "recsys-unlearning/cau";
import { itemInfluence, outputInfluence } from "recsys-unlearning/ifru";
import type { SessionEnsemble, SessionModel } from "recsys-unlearning/models";
import { builtInParts } from "recsys-unlearning/reproduction";
import { original, split, training } from "../baselines/sessions/small";
import {
  bytesAfter,
  describeSessionMethod,
  forgetRows,
  type ReadySessionMethod,
  sessionRequest,
  type SessionMethodUnderTest,
} from "../contracts/session-method";

type Model = SessionModel | SessionEnsemble;

/** A method that starts from the original itself. */
function direct(unlearn: (start: SessionModel) => ReadySessionMethod<SessionModel>["unlearn"]) {
  return { prepare: (start: SessionModel) => Promise.resolve({ start, unlearn: unlearn(start) }) };
}

/** Where to stop is each mode's own: it is what tells CAU's apart. */
const quick = { epochs: 10, batchSize: 4, learningRate: 0.01, validation: split.valid } as const;
const cauOf = (mode: "paper" | "principled") =>
  direct((start) => (asked, extra) => cau.unlearn(start, asked, { mode, ...quick, ...extra }));

/** Shards of sessions, each trained again where it holds a forgotten event. */
function sharded(method: typeof sessionSisa | typeof sru, mode: "paper" | "principled", retainOnly?: object) {
  const options = { mode, shards: 2, training, validation: split.valid, seed: 5 };
  const attention = method === sru ? { attention: { epochs: 1 } } : {};
  return {
    async prepare(start: SessionModel) {
      const prepared = await method.prepare(start, split.train, { ...options, ...attention });
      const unlearn: ReadySessionMethod<SessionEnsemble>["unlearn"] = (asked, extra) =>
        method.unlearn(prepared.model, asked, { ...options, ...attention, ...extra }, prepared);
      return { start: prepared.model, unlearn };
    },
    ...(retainOnly === undefined ? {} : { retainOnly }),
  };
}

const methods: Readonly<Record<string, SessionMethodUnderTest<Model>>> = Object.fromEntries(
  Object.entries({
    "cau (paper)": cauOf("paper"),
    "cau (principled)": cauOf("principled"),
    "session gradient ascent": direct(
      (start) => (asked, extra) => sessionGradientAscent.unlearn(start, asked, { ...quick, ...extra }),
    ),
    "fine-tune": {
      ...direct(
        (start) => (asked, extra) =>
          fineTune.unlearn(start, asked, { epochs: 2, learningRate: 0.005, batchSize: 32, training, ...extra }),
      ),
      retainOnly: {},
    },
    "output-influence": direct((start) => (asked, extra) => outputInfluence.unlearn(start, asked, extra)),
    "item-influence": direct((start) => (asked, extra) => itemInfluence.unlearn(start, asked, extra)),
    "session-sisa (paper)": sharded(sessionSisa, "paper", {}),
    "session-sisa (principled)": sharded(sessionSisa, "principled", {}),
    // further events are chosen by their likeness to the forgotten ones, which the comparison reads
    "sru (paper)": sharded(sru, "paper", { deleteCount: 0 }),
    "sru (principled)": sharded(sru, "principled", { deleteCount: 0 }),
  }),
) as never;

for (const [name, subject] of Object.entries(methods)) describeSessionMethod(name, subject);

it("every session method that experiments have is here", () => {
  const serving = /-(shards|estimate|retrainings)$/; // estimates of influence answer no request
  const known = Object.keys(builtInParts.methods).filter((name) => {
    const { backbones } = builtInParts.methods[name];
    return backbones !== "all" && backbones.includes("gru4rec") && !serving.test(name);
  });
  const here = Object.keys(methods).map((name) => name.replace(/ \(.*/, "").replaceAll(" ", "-"));
  expect([...new Set(here)].sort()).toEqual(known.sort());
});

it("no two session methods, nor two modes of one, give the same parameters", async () => {
  const start = await original();
  const names = new Map<string, string>();
  for (const [name, subject] of Object.entries(methods)) {
    const after = JSON.stringify(await bytesAfter(await subject.prepare(start), sessionRequest(forgetRows)));
    expect(names.get(after), `${name} gives what another gives`).toBeUndefined();
    names.set(after, name);
  }
}, 60_000);
