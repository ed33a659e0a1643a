import { describe, expect, it } from "vitest";
import { childrensSeconds, runToEnd } from "../../bench/waits/children";
import { isTooLong, type WaitRow, waitsAsMarkdown, waitTable } from "../../bench/waits/table";
import { chosenWaits } from "../../bench/waits/waits";

const row: WaitRow = { name: "help data", seconds: 0.5, coreSeconds: 0.2, goal: 0.3 };

describe("waits", () => {
  it("has every command, area and notebook of records, and takes groups and names", () => {
    const names = chosenWaits(undefined).map(({ name }) => name);
    for (const name of ["help bench", "help course", "show cau-main", "kernel start", "import ifru", "figure"])
      expect(names).toContain(name);
    expect(names).not.toContain("help demo");
    expect(names.filter((name) => name.startsWith("notebook ")).length).toBeGreaterThan(15);
    expect(chosenWaits("kernel,help data").map(({ name }) => name)).toEqual(["kernel start", "help data"]);
    expect(() => chosenWaits("help dta")).toThrow(/there is no wait "help dta"[^]*help data/);
  });

  it("takes the shortest of its rounds, and one where that is enough", async () => {
    const waitsMs = [60, 20, 40];
    const run = () => new Promise<void>((resolve) => setTimeout(resolve, waitsMs.shift()));
    const [first] = await waitTable([{ name: "a", goal: 1, once: false, run }], 3, () => undefined);
    expect(first.seconds).toBeLessThan(0.059);
    waitsMs.push(10);
    await waitTable([{ name: "b", goal: 1, once: true, run }], 3, () => undefined);
    expect(waitsMs).toEqual([]);
  });

  it("holds the shorter of the clock and the processor to the goal", () => {
    expect(isTooLong(row)).toBe(false);
    expect(isTooLong({ ...row, coreSeconds: 0.4 })).toBe(true);
    expect(isTooLong({ ...row, coreSeconds: null })).toBe(true);
    expect(isTooLong({ ...row, goal: null, coreSeconds: 9 })).toBe(false);
    expect(waitsAsMarkdown([row])).toContain("| help data | 0.50 | 0.20 | 0.3 | yes |");
  });

  it.runIf(process.platform === "linux")("counts the processor's time of commands that have ended", async () => {
    const before = childrensSeconds() ?? NaN;
    const busy = "const to = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < to);";
    await runToEnd([process.execPath, "-e", busy]);
    expect((childrensSeconds() ?? NaN) - before).toBeGreaterThan(0.25);
  });

  it("says what a command said that failed", async () => {
    const command = [process.execPath, "-e", "console.error('no way'); process.exit(3)"];
    await expect(runToEnd(command)).rejects.toThrow(/ended with status 3: no way/);
  });
});
