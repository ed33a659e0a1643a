// The kernel before judges that others wrote: PyPI's jupyter-kernel-test (13 tests) and kernel-testbed (27, ported).
import { describe, expect, test } from "vitest";
import { kernelTests, testbed } from "../../bench/kernel/conformance";
import { testbedNames } from "../../bench/kernel/testbed";
import { peerPython } from "../../bench/peers";

const python = peerPython();
if (python === null) console.log("skipped: jupyter-kernel-test is not installed (npm run peers)");

describe.skipIf(python === null)("jupyter-kernel-test", () => {
  test("all 13 tests pass", async () => {
    const verdicts = (await kernelTests("ours")) ?? [];
    expect(verdicts.filter(({ points }) => points < 1)).toEqual([]);
    expect(verdicts.length).toBe(13);
  }, 600_000);
});

test("kernel-testbed: all 27 tests pass", async () => {
  const verdicts = (await testbed("ours")) ?? [];
  expect(verdicts.filter(({ points }) => points < 1)).toEqual([]);
  expect(verdicts.map(({ name }) => name)).toEqual(testbedNames);
  expect(testbedNames.length).toBe(27);
}, 300_000);
