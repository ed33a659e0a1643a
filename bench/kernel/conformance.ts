// Suites that others wrote, on any kernel: PyPI's jupyter-kernel-test, and github.com/runtimed/kernel-testbed (a port).
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "recsys-unlearning/core";
import { peerPython } from "../peers";
import { commands, dialects, type KernelName } from "./kernels";
import { runTestbed, type Verdict } from "./testbed";

const kernelTestsMs = 600_000;

/**
 * The 13 tests of jupyter-kernel-test on one kernel, or `null` without Python or the kernel.
 *
 * @throws Error when the suite does not run
 */
export async function kernelTests(name: KernelName): Promise<Verdict[] | null> {
  const [python, argv] = [peerPython(), commands()[name]];
  if (python === null || argv === null) return null;
  const { samples, language, interrupt } = dialects[name];
  const folder = mkdtempSync(join(tmpdir(), "kernel-tests-"));
  try {
    const spec = join(folder, "kernels", "measured");
    mkdirSync(spec, { recursive: true });
    const words = { argv, display_name: "measured", language, interrupt_mode: interrupt };
    writeFileSync(join(spec, "kernel.json"), JSON.stringify(words));
    const { stdout } = await promisify(execFile)(
      python,
      [inRepository("bench", "kernel", "kernel_tests.py"), "measured", samples],
      { cwd: inRepository("test"), env: { ...process.env, JUPYTER_PATH: folder }, timeout: kernelTestsMs },
    );
    const found = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, string>;
    return Object.entries(found).map(([test, said]) => {
      return said === "ok" ? { name: test, points: 1, note: "" } : { name: test, points: 0, note: said };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The 27 tests of kernel-testbed on one kernel, or `null` where it is not installed. */
export async function testbed(name: KernelName): Promise<Verdict[] | null> {
  const argv = commands()[name];
  return argv === null ? null : runTestbed(argv, dialects[name].snippets, inRepository("test"));
}
