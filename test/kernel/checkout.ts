import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRepository } from "recsys-unlearning/core";

/** A second checkout, as far as running kernels goes: built code of its own, the installed packages of this one. */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "checkout-"));

  constructor() {
    cpSync(inRepository("package.json"), join(this.root, "package.json"));
    for (const part of ["lib/package.json", "lib/dist", "kernel/package.json", "kernel/dist", "kernel/share"])
      cpSync(inRepository(part), join(this.root, part), { recursive: true });
    const modules = join(this.root, "node_modules");
    mkdirSync(modules);
    for (const name of readdirSync(inRepository("node_modules")))
      if (!name.startsWith("recsys-unlearning")) symlinkSync(inRepository("node_modules", name), join(modules, name));
    symlinkSync("../lib", join(modules, "recsys-unlearning"));
    symlinkSync("../kernel", join(modules, "recsys-unlearning-kernel"));
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** The command of its kernel. */
  kernelArgv(): string[] {
    const main = this.path("kernel", "dist", "server", "main.js");
    return [process.execPath, "--no-force-async-hooks-checks", main, "--config-path", "{connection_file}"];
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
