import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "recsys-unlearning/core";

/** One of our packages, as `npm pack` makes it of what is built. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly files: readonly string[];
}

interface Packed {
  name: string;
  filename: string;
  size: number;
  files: { path: string }[];
}

/** Packs lib and kernel. @param folder where the tarballs go */
function pack(folder: string): Tarball[] {
  const args = ["pack", "--json", "--ignore-scripts", "-w", "lib", "-w", "kernel", "--pack-destination", folder];
  const printed = execFileSync("npm", args, {
    cwd: inRepository(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const packed = JSON.parse(printed) as Packed[] | Record<string, Packed>; // by name from npm 12 on
  return Object.values(packed).map(({ name, filename, size, files }) => {
    return { name, size, path: join(folder, filename), files: files.map(({ path }) => path) };
  });
}

/** A project outside of the checkout in which our packages are installed. */
export class Project {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "project-")));
  readonly tarballs = pack(this.root);

  constructor() {
    this.write("package.json", "{}\n");
  }

  /** Installs from the registry, as a person would. */
  install(...others: string[]): void {
    const packages = [...this.tarballs.map(({ path }) => path), ...others];
    execFileSync("npm", ["install", "--engine-strict", ...packages], { cwd: this.root, stdio: "pipe" });
  }

  /**
   * The same without a registry: unpacks the tarballs, and links what their manifests name from the checkout, and
   * nothing else, so that a dependency that no manifest names is missed.
   *
   * @param others packages to link beside them
   */
  link(...others: string[]): void {
    const linked = new Set(others);
    for (const { name, path } of this.tarballs) {
      const folder = join(this.root, "node_modules", name);
      mkdirSync(folder, { recursive: true });
      execFileSync("tar", ["xzf", path, "-C", folder, "--strip-components=1"]);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies: object };
      for (const dependency of Object.keys(manifest.dependencies)) linked.add(dependency);
    }
    for (const { name } of this.tarballs) linked.delete(name);
    for (const name of linked) {
      mkdirSync(dirname(join(this.root, "node_modules", name)), { recursive: true });
      symlinkSync(inRepository("node_modules", name), join(this.root, "node_modules", name));
    }
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  copy(from: string, name: string): void {
    cpSync(from, this.path(name));
  }

  /** Runs node in the project; ends with what it printed, also on failure. */
  async node(
    args: readonly string[],
    node = process.execPath,
  ): Promise<{ stdout: string; stderr: string; ok: boolean }> {
    const env = { ...process.env, RECSYS_ENGINE: "wasm" };
    try {
      return { ...(await promisify(execFile)(node, [...args], { cwd: this.root, env })), ok: true };
    } catch (error) {
      const { stdout = "", stderr = String(error) } = error as { stdout?: string; stderr?: string };
      return { stdout, stderr, ok: false };
    }
  }

  /** What `npx NAME …` starts. */
  bin(name: string, args: readonly string[], node?: string) {
    const manifest = readFileSync(this.path("node_modules", name, "package.json"), "utf8");
    const { bin } = JSON.parse(manifest) as { bin: Record<string, string> };
    return this.node([this.path("node_modules", name, bin[name]), ...args], node);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
