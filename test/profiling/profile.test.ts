import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { inRepository, InvalidArgumentError, nowMs, sha256 } from "recsys-unlearning/core";
import { profile } from "recsys-unlearning/notebook";
import { profiled } from "recsys-unlearning/profiling";

const bytes = new Uint8Array(1 << 20);

/** Hashes for so long, which Node does for a function of `lib/core`. */
function busy(ms: number): number {
  let count = 0;
  for (const end = nowMs() + ms; nowMs() < end; count++) sha256(bytes);
  return count;
}

describe("work that is profiled", () => {
  it("has its value, and a table that says where its time went", async () => {
    const { value, table } = await profiled(() => Promise.resolve(busy(150)), "a loop");
    expect(value).toBeGreaterThan(0);
    expect(table.caption).toBe("Where the time of a loop went");
    expect(table.columns.map(({ key }) => key)).toEqual(["stage", "seconds", "share", "wasm", "hottest"]);
    expect(table.rows[0]["stage"]).toBe("lib/core");
    expect(table.rows[0]["seconds"]).toBeGreaterThan(0.05);
    const shares = table.rows.map(({ share }) => Number(share));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(await profile(() => 7)).toBe(7);
  });

  it("fails as it would alone, and ends the sampling", async () => {
    await expect(profiled(() => Promise.reject(new RangeError("own")))).rejects.toThrow(RangeError);
    await expect(profiled(3 as never)).rejects.toThrow(InvalidArgumentError);
    expect((await profiled(() => busy(30))).table.rows.length).toBeGreaterThan(0);
  });
});

describe("a command with --profile", () => {
  const run = promisify(execFile);
  const command = (...args: string[]) =>
    run(process.execPath, [inRepository(join("lib", "dist", "commands", "data.js")), ...args], { encoding: "utf8" });

  it("does what it does without, and says on stderr where its time went", async () => {
    const { stdout, stderr } = await command("formats", "--profile");
    expect(stdout).toContain("Parquet");
    expect(stderr).toMatch(/Where the time of the command went[\s\S]*commands\/data\.js +loading modules/);
  });

  it("keeps its status and its error", async () => {
    const failed = await command("info", "no-such-dataset", "--profile").then(
      () => ({ code: 0, stderr: "" }),
      (error: unknown) => error as { code: number; stderr: string },
    );
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/no-such-dataset[\s\S]*Where the time of the command went/);
  });
});
