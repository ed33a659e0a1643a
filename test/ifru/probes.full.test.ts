// What lambda is chosen by, beside training again. A record is written by
// RECSYS_TEST_FULL=1 npx vitest run test/ifru/probes.full.test.ts -u
import { expect, it } from "vitest";
import { choosingSets, confirmingSets, splitOf, tryRules } from "./probes.fixture";

const seeds = [1, 2, 3];
const rounded = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);

it.each(Object.entries({ ...choosingSets, ...confirmingSets }))(
  "%s: lambda by every rule, as recorded",
  async (name, set) => {
    const lines: string[] = [];
    for (const labels of ["flipped", "true"])
      for (const seed of seeds)
        for (const tried of await tryRules(await splitOf(name, set, labels === "flipped"), { ...set.training, seed }))
          lines.push(JSON.stringify({ set: name, labels, seed, ...tried }, rounded));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`probes/${name.replace(" ", "-")}.jsonl`);
  },
  7_200_000,
);
