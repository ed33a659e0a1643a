import { describeRun, describeRuns, type RunConfig } from "recsys-unlearning/experiments";
import { expect, it } from "vitest";
import { tinyConfigs } from "./tiny";

it("runs that are called the same are told apart by the options in which they differ, and by no others", () => {
  const [principled, paper] = tinyConfigs(["method=ifru", "seed=1"]);
  const [retrain] = tinyConfigs(["method=retrain", "seed=1"]);
  const wide: RunConfig = {
    ...paper,
    options: { ...paper.options, training: { ...paper.options.training, epochs: 7 } },
  };
  const [one, other, third, alone] = describeRuns([principled, paper, wide, retrain]);
  const name = describeRun(paper);
  expect(one).toMatch(`${name}: `);
  expect([one, other, third].map((line) => /method\.mode=(\w+)/.exec(line)?.[1])).toEqual(["principled", "paper", "paper"]); // prettier-ignore
  expect([one, other, third].map((line) => /training\.epochs=(\d+)/.exec(line)?.[1])).toEqual(["30", "30", "7"]);
  expect(other).not.toContain("embeddingSize");
  expect(new Set([one, other, third]).size).toBe(3);
  expect(alone).toBe(describeRun(retrain));
});

it("the same run twice has one line, without options", () => {
  const [config] = tinyConfigs(["method=ifru", "seed=1"]);
  expect(describeRuns([config, config])).toEqual([describeRun(config), describeRun(config)]);
});
