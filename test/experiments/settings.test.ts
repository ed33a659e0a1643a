import { expandView, parseSettings, withSettings } from "recsys-unlearning/experiments";
import { views } from "recsys-unlearning/reproduction";
import { describe, expect, test } from "vitest";
import { builtInParts } from "../../lib/reproduction";

const view = views["ifru-accuracy"];
const changed = (...texts: string[]) => withSettings(view, parseSettings(texts), builtInParts);
const runs = (...texts: string[]) => expandView(changed(...texts), { preset: "tiny" }, builtInParts);

describe("settings", () => {
  test("set options for the parts that have them, numbers as numbers", () => {
    const all = runs("training.epochs=7", "method.damping=1e-4", "data.coreSize=2");
    expect(all).toHaveLength(expandView(view, { preset: "tiny" }, builtInParts).length);
    for (const { options, method } of all) {
      expect([options.training["epochs"], options.data["coreSize"]]).toEqual([7, 2]);
      expect(options.training["embeddingSize"]).toBe(8); // the view's own stays
      expect(options.method["damping"]).toBe(method === "ifru" ? 1e-4 : undefined);
    }
  });

  test("replace parts; what others are compared with stays", () => {
    const of = (key: "dataset" | "backbone" | "method", ...texts: string[]) => [...new Set(runs(...texts).map((run) => run[key]))]; // prettier-ignore
    expect(of("dataset", "dataset=ml-100k")).toEqual(["ml-100k"]);
    expect(of("backbone", "backbone=lightgcn")).toEqual(["lightgcn"]);
    const references = ["original", "retrain", "retrain-again"];
    expect(of("method", "method=scif", "method=gradient-ascent")).toEqual([...references, "scif", "gradient-ascent"]);
    expect(runs("method=ifru").length).toBe(runs().length); // both modes of the view
    expect(new Set(runs("request.kind=user").map(({ options }) => options.request["kind"]))).toEqual(new Set(["user"]));
  });

  test("change nothing where nothing is set", () => {
    expect(runs()).toEqual(expandView(view, { preset: "tiny" }, builtInParts));
  });

  test.each([
    ["trainig.epochs=2", /nothing is called "trainig\.epochs"[^]*did you mean "training\.epochs"/],
    ["training.epocs=2", /no backbone of ifru-accuracy has the option "epocs"[^]*did you mean "epochs"/],
    ["method.dampng=2", /no method of[^]*did you mean "damping"/],
    ["data.coresize=2", /no dataset of[^]*did you mean "coreSize"/],
    ["dataset=ml-100", /no dataset "ml-100"[^]*did you mean "ml-100k"/],
    ["method=iffru", /no method "iffru"[^]*did you mean "ifru"/],
    ["training.epochs", /is not key=value[^]*--set training\.epochs=20/],
    ["training.epochs=-1", /"epochs" is -1/],
    ["backbone=sasrec", /sasrec is a model for sessions/],
  ])("%s is refused with what helps", (text, message) => {
    expect(() => runs(text)).toThrow(message);
  });
});

describe("--only", () => {
  const only = (...conditions: string[]) => expandView(view, { preset: "tiny", only: conditions }, builtInParts);

  test("twice on one key is or, on two keys and", () => {
    expect(only("method=ifru", "method=retrain", "seed=1")).toHaveLength(3);
  });

  test.each([
    [["method=iffru"], /no run of ifru-accuracy has method=iffru[^]*did you mean "ifru"/],
    [["method=ifru", "method=retrian"], /has method=retrian[^]*did you mean "retrain"/],
    [["mehtod=ifru"], /did you mean "method"/],
    [["seed=9"], /use one of 1, 2/],
  ])("%j is refused with the nearest", (conditions, message) => {
    expect(() => only(...conditions)).toThrow(message);
  });
});
