// What plain tslab 1.0.22 lacks, on a real kernel process over real ZeroMQ: ours must have it, and plain tslab is
// asserted to lack it, so that no scenario passes by accident.
import { afterAll, describe, expect, test } from "vitest";
import { seriousDefects, smallDefects } from "./defects";
import { Bench, type KernelName } from "./kernels";
import { Unmet } from "./scenario";

const scenarios = [...seriousDefects, ...smallDefects];
const seen = new Map<string, Partial<Record<KernelName, string>>>();

async function outcome(name: KernelName, scenario: (typeof scenarios)[number], bench: Bench): Promise<string> {
  const result = await scenario.run(bench).then(
    () => "has",
    (error: unknown) => {
      if (!(error instanceof Unmet) && name === "ours") throw error;
      return `lacks (${String(error instanceof Error ? error.message : error).slice(0, 80)})`;
    },
  );
  seen.set(scenario.name, { ...seen.get(scenario.name), [name]: result });
  return result;
}

describe("our kernel", () => {
  const bench = new Bench("ours");
  afterAll(() => bench.discard());
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (_, scenario) => {
    expect(await outcome("ours", scenario, bench)).toBe("has");
  });
});

// Half a minute of plain tslab's time-outs: in the long rounds.
describe.skipIf(process.env["RECSYS_TEST_FULL"] !== "1")("plain tslab", () => {
  const bench = new Bench("plain");
  afterAll(async () => {
    await bench.discard();
    const rows = [...seen].map(
      ([name, { ours, plain }]) => `${ours === "has" ? "+" : "-"} ${plain === "has" ? "+" : "-"} ${name}`,
    );
    console.log(`ours, plain tslab 1.0.22:\n${rows.join("\n")}`);
  });
  test.each(scenarios.map((scenario) => [scenario.plain, scenario.name, scenario] as const))(
    "%s: %s",
    async (plain, _, scenario) => {
      const result = await outcome("plain", scenario, bench);
      // Its 200 ms of refusing everything after an error must not spill into the next scenario.
      await new Promise((resolve) => setTimeout(resolve, 250));
      if (plain !== "varies") expect(result.slice(0, plain.length)).toBe(plain);
    },
  );
});
