// What lambda is chosen by, beside training again. A record is written by
// RECSYS_TEST_FULL=1 npx vitest run test/ifru/probes.full.test.ts -u
import { expect, it } from "vitest";
import { sets, splitOf, tryRules } from "./probes.fixture";

const seeds = [1, 2, 3, 4, 5, 6];
const digits = (value: number) => (Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(3)));
const rounded = (_: string, value: unknown) => (typeof value === "number" ? digits(value) : value);

it.each(Object.entries(sets))(
  "%s: lambda by every rule, as recorded",
  async (name, shape) => {
    const split = await splitOf(name, shape);
    const lines: string[] = [];
    for (const seed of seeds)
      for (const tried of await tryRules(split, seed))
        lines.push(JSON.stringify({ set: name, seed, ...tried }, rounded));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`probes/${name.replace(" ", "-")}.jsonl`);
  },
  7_200_000,
);
