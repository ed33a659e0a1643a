import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { svgToPng } from "recsys-unlearning/figures";
import { KernelClient } from "recsys-unlearning-kernel";
import { Checkout } from "./checkout";
import { resultText } from "./scenario";
import { long } from "../long";

const prefix = mkdtempSync(join(tmpdir(), "prefix-"));
const folder = join(prefix, "share", "jupyter", "kernels", "recsys-unlearning");
afterAll(() => rmSync(prefix, { recursive: true }));

async function kernelCommand(...args: string[]): Promise<string> {
  const command = [inRepository("kernel/dist/commands/kernel.js"), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env: { ...process.env, HOME: prefix } });
  return stdout;
}

/** The command of the installed kernelspec, as jupyter_client would start it. */
function installedArgv(): string[] {
  const { argv } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[] };
  return argv.map((word) => word.replace("{resource_dir}", folder));
}

async function rootSeenFrom(cwd: string): Promise<string | undefined> {
  const kernel = await KernelClient.start({ argv: installedArgv(), cwd });
  const code = 'import { checkoutFolder } from "recsys-unlearning/core"; checkoutFolder()';
  const execution = await kernel.execute(code, { timeoutMs: 20_000 });
  await kernel.shutdown();
  return resultText(execution);
}

describe("npm run kernel", () => {
  test("installs, tells, and removes", async () => {
    expect(await kernelCommand("status", "--prefix", prefix)).toContain("not installed");
    expect(await kernelCommand("install", "--prefix", prefix)).toContain(`installed in ${folder}`);
    expect(await kernelCommand("status", "--prefix", prefix)).toContain(inRepository());
    for (const size of [32, 64]) {
      const logo = readFileSync(join(folder, `logo-${size}x${size}.png`));
      expect(logo).toEqual(svgToPng(readFileSync(join(folder, "logo-svg.svg"), "utf8"), size / 64));
      expect([logo.readUInt32BE(16), logo.readUInt32BE(20)]).toEqual([size, size]);
    }
    expect(await kernelCommand("uninstall", "--prefix", prefix)).toContain("removed");
    expect(existsSync(folder)).toBe(false);
  });

  long(
    "an installed kernel uses the checkout that the notebook lies in, else the one it was installed from",
    async () => {
      await kernelCommand("install", "--prefix", prefix);
      const other = new Checkout();
      mkdirSync(other.path("notebooks", "deep"), { recursive: true });
      expect(await rootSeenFrom(other.path("notebooks", "deep"))).toBe(other.root);
      expect(await rootSeenFrom(tmpdir())).toBe(inRepository());
      other.remove();
    },
  );

  test("leaves a kernelspec alone that is not its own", async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), "{}");
    await expect(kernelCommand("uninstall", "--prefix", prefix)).rejects.toMatchObject({ code: 1 });
    await expect(kernelCommand("install", "--prefix", prefix)).rejects.toMatchObject({ code: 1 });
    expect(readFileSync(join(folder, "kernel.json"), "utf8")).toBe("{}");
  });
});
