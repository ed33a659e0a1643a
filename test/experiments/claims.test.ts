import { fork } from "node:child_process";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Claim } from "../../lib/experiments/store/claims";
import { newStore } from "./tiny";

const folder = async () => join((await newStore()).folder, "claims");

/** A process that is dead by now. */
async function deadPid(): Promise<number> {
  const child = fork("-e", [], { execArgv: ["-e", ""], stdio: "ignore" });
  await new Promise((resolve) => child.on("exit", resolve));
  return child.pid as number;
}

describe("a claim", () => {
  it("is held by one until it is given back", async () => {
    const claims = await folder();
    const first = await Claim.take(claims, "a");
    expect(first).not.toBeNull();
    expect(await Claim.take(claims, "a")).toBeNull();
    expect(await Claim.take(claims, "b")).not.toBeNull();
    expect(await Claim.isHeld(claims, "a")).toBe(true);
    await first?.release(false);
    expect(await Claim.isHeld(claims, "a")).toBe(false);
    const second = await Claim.take(claims, "a");
    expect(second).not.toBeNull();
    await second?.release(true);
    expect((await readdir(claims)).filter((file) => file.startsWith("a."))).toEqual([]);
  });

  it("goes to one of many that ask at once", async () => {
    const claims = await folder();
    for (let round = 0; round < 20; round++) {
      const taken = await Promise.all(Array.from({ length: 8 }, () => Claim.take(claims, `r${round}`)));
      expect(taken.filter((claim) => claim !== null)).toHaveLength(1);
    }
  });

  it("of a dead process is taken over at once, by one of many", async () => {
    const claims = await folder();
    const held = await Claim.take(claims, "a");
    const claimant = JSON.parse(await readFile(join(claims, "a.0"), "utf8")) as { pid: number };
    claimant.pid = await deadPid();
    await writeFile(join(claims, "a.0"), JSON.stringify(claimant));
    const taken = await Promise.all(Array.from({ length: 8 }, () => Claim.take(claims, "a")));
    expect(taken.filter((claim) => claim !== null)).toHaveLength(1);
    await held?.release(true);
  });

  it("whose process number was given to another process is taken over", async () => {
    const claims = await folder();
    await Claim.take(claims, "a");
    const claimant = JSON.parse(await readFile(join(claims, "a.0"), "utf8")) as { started: string };
    await writeFile(join(claims, "a.0"), JSON.stringify({ ...claimant, started: "1" }));
    expect(await Claim.take(claims, "a")).not.toBeNull();
  });

  it("of another machine counts while its heart beats, and not for long after", async () => {
    const claims = await folder();
    await Claim.take(claims, "a");
    const claimant = JSON.parse(await readFile(join(claims, "a.0"), "utf8")) as object;
    await writeFile(join(claims, "a.0"), JSON.stringify({ ...claimant, machine: "another" }));
    expect(await Claim.take(claims, "a")).toBeNull();
    const longAgo = new Date(Date.now() - 6 * 60_000);
    await utimes(join(claims, "a.0.alive"), longAgo, longAgo);
    expect(await Claim.take(claims, "a")).not.toBeNull();
  });

  it("that cannot be read does not block", async () => {
    const claims = await folder();
    await Claim.take(claims, "a");
    await writeFile(join(claims, "a.0"), "");
    expect(await Claim.take(claims, "a")).not.toBeNull();
  });
});
