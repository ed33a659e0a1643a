// What lambda is chosen by, beside training again. A record is written by
// RECSYS_TEST_FULL=1 npx vitest run test/ifru/probes.full.test.ts -u
import { expect, it } from "vitest";
import { choosingSets, confirmingSets, type ProbedSet, splitOf, tryRules } from "./probes.fixture";

const seeds = [1, 2, 3];
const sets = Object.entries({ ...choosingSets, ...confirmingSets });
const cases = ["flipped", "true"].flatMap((labels) =>
  sets.map(([name, set]): [string, string, ProbedSet] => [labels, name, set]),
);
const rounded = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);

it.each(cases)(
  "%s labels of %s: lambda by every rule, as recorded",
  async (labels, name, set) => {
    const lines: string[] = [];
    for (const seed of seeds)
      for (const tried of await tryRules(await splitOf(name, set, labels === "flipped"), { ...set.training, seed }))
        lines.push(JSON.stringify({ set: name, labels, seed, ...tried }, rounded));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`probes/${name.replace(" ", "-")}-${labels}.jsonl`);
  },
  7_200_000,
);
