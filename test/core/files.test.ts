import { spawnSync } from "node:child_process";
import type * as FileSystem from "node:fs/promises";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createFileAtomic,
  inRepository,
  moveFileAtomic,
  temporarySuffix,
  writeFileAtomic,
} from "recsys-unlearning/core";

type Step = "open" | "write" | "sync" | "close" | "rename" | "link" | "folder";

/** The operation that fails, with what code, and how often. */
const fault = vi.hoisted(() => ({ at: undefined as string | undefined, code: "ENOSPC", times: Infinity }));
/** What was done, in order. */
const done = vi.hoisted(() => [] as string[]);

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const failing = (step: string) => {
    if (fault.at === step && fault.times-- > 0)
      throw Object.assign(new Error(`${fault.code}: injected at ${step}`), { code: fault.code });
  };
  const open: typeof real.open = async (...args) => {
    const isFolder = args[1] === "r";
    if (!isFolder) failing("open");
    const handle = await real.open(...args);
    const [write, sync, close] = [handle.writeFile.bind(handle), handle.sync.bind(handle), handle.close.bind(handle)];
    handle.writeFile = async (content) => {
      if (fault.at === "write") await write(String(content).slice(0, 3)); // a full disk takes the beginning
      failing("write");
      return write(content);
    };
    handle.sync = async () => {
      failing(isFolder ? "folder" : "sync");
      await sync();
      done.push(isFolder ? "folder" : "sync");
    };
    handle.close = async () => {
      await close();
      if (!isFolder) failing("close");
    };
    return handle;
  };
  const rename: typeof real.rename = async (...args) => (
    failing("rename"),
    await real.rename(...args),
    void done.push("rename")
  );
  const link: typeof real.link = async (...args) => (failing("link"), await real.link(...args), void done.push("link"));
  const mocked = { ...real, open, rename, link };
  return { ...mocked, default: mocked };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "core-files-"));
});
afterEach(async () => {
  Object.assign(fault, { at: undefined, times: Infinity });
  await rm(folder, { recursive: true, force: true });
});

const codes = ["ENOSPC", "EIO"];
const faults = (steps: readonly Step[]) => steps.flatMap((step) => codes.map((code) => ({ step, code })));

describe("writeFileAtomic", () => {
  it("writes text and bytes, makes the folder, and leaves nothing else", async () => {
    const path = join(folder, "a", "b", "text");
    await writeFileAtomic(path, "Zürich\n");
    expect(await readFile(path, "utf8")).toBe("Zürich\n");
    await writeFileAtomic(path, Uint8Array.of(0, 255, 10));
    expect([...(await readFile(path))]).toEqual([0, 255, 10]);
    expect(await readdir(join(folder, "a", "b"))).toEqual(["text"]);
  });

  it.each(faults(["open", "write", "sync", "close", "rename"]))(
    "keeps the old content and no temporary file when $step fails with $code",
    async ({ step, code }) => {
      const path = join(folder, "kept");
      await writeFile(path, "old");
      Object.assign(fault, { at: step, code });
      await expect(writeFileAtomic(path, "new content")).rejects.toMatchObject({ code });
      expect(await readFile(path, "utf8")).toBe("old");
      expect(await readdir(folder)).toEqual(["kept"]);
      fault.at = undefined;
      await writeFileAtomic(path, "new content");
      expect(await readFile(path, "utf8")).toBe("new content");
    },
  );

  it.runIf(process.platform !== "win32")("tells when the rename may not last, with the new content whole", async () => {
    const path = join(folder, "kept");
    Object.assign(fault, { at: "folder", code: "EIO" });
    await expect(writeFileAtomic(path, "new")).rejects.toMatchObject({ code: "EIO" });
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["kept"]);
  });

  it("of many writers at once leaves one whole content", async () => {
    const path = join(folder, "contested");
    const contents = Array.from({ length: 12 }, (_, i) => String(i).repeat(5000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["contested"]);
  });
});

describe.runIf(process.platform !== "win32")("before a file has its name its content lasts, and then the name", () => {
  beforeEach(() => void (done.length = 0));

  it("when it is written", async () => {
    await writeFileAtomic(join(folder, "file"), "text");
    expect(done).toEqual(["sync", "rename", "folder"]);
  });

  it("when it is created", async () => {
    await createFileAtomic(join(folder, "file"), "text");
    expect(done).toEqual(["sync", "link", "folder"]);
  });

  it.each([
    ["", 0],
    [", to another file system", 1],
  ])("when it is moved%s", async (_, times) => {
    await writeFile(join(folder, "made"), "text");
    Object.assign(fault, { at: "rename", code: "EXDEV", times });
    const before = ["sync"].slice(0, times); // in vain: the rename comes after it
    await moveFileAtomic(join(folder, "made"), join(folder, "file"));
    expect(done).toEqual([...before, "sync", "rename", "folder"]);
    expect(await readdir(folder)).toEqual(["file"]);
  });
});

it("a file that cannot be moved for another reason stays where it is", async () => {
  await writeFile(join(folder, "made"), "text");
  Object.assign(fault, { at: "rename", code: "EIO", times: 1 });
  await expect(moveFileAtomic(join(folder, "made"), join(folder, "file"))).rejects.toMatchObject({ code: "EIO" });
  expect(await readdir(folder)).toEqual(["made"]);
});

describe("createFileAtomic", () => {
  it("creates a file once, and never changes one that is there", async () => {
    const path = join(folder, "claim");
    const made = await Promise.all(["a", "b", "c", "d"].map((content) => createFileAtomic(path, content)));
    expect(made.filter(Boolean)).toEqual([true]);
    expect(await readFile(path, "utf8")).toBe("abcd"[made.indexOf(true)]);
    expect(await createFileAtomic(path, "later")).toBe(false);
    expect(await readdir(folder)).toEqual(["claim"]);
  });

  it.each(faults(["open", "write", "sync", "close", "link"]))(
    "leaves no file and no temporary one when $step fails with $code",
    async ({ step, code }) => {
      Object.assign(fault, { at: step, code });
      await expect(createFileAtomic(join(folder, "claim"), "mine")).rejects.toMatchObject({ code });
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

/**
 * Writes over a file in a process that is killed right before or after an operation. Runs what `npm run build` made.
 */
function killed(when: "before" | "after", operation: "sync" | "rename" | "link", call: string, path: string) {
  const script = `
    const fs = require("node:fs/promises");
    const die = () => process.kill(process.pid, "SIGKILL");
    const around = (call) => async (...args) => {
      if (${JSON.stringify(when)} === "before") die();
      const result = await call(...args);
      die();
      return result;
    };
    const { open } = fs;
    if (${JSON.stringify(operation)} !== "sync") fs.${operation} = around(fs.${operation});
    else fs.open = async (...args) => {
      const handle = await open(...args);
      handle.sync = around(handle.sync.bind(handle));
      return handle;
    };
    require(${JSON.stringify(inRepository("lib", "dist", "core", "files.js"))}).${call}(${JSON.stringify(path)}, "new");
  `;
  return spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
}

describe.runIf(process.platform !== "win32")("a process that is killed", () => {
  it.each([
    ["before", "sync", "old"],
    ["after", "sync", "old"],
    ["before", "rename", "old"],
    ["after", "rename", "new"],
  ] as const)("%s %s leaves the content %s, whole", async (when, operation, content) => {
    const path = join(folder, "kept");
    await writeFile(path, "old");
    const { signal, stderr } = killed(when, operation, "writeFileAtomic", path);
    expect({ signal, stderr }).toEqual({ signal: "SIGKILL", stderr: "" });
    expect(await readFile(path, "utf8")).toBe(content);
    const others = (await readdir(folder)).filter((name) => name !== "kept");
    expect(others.every((name) => name.startsWith(".kept.") && name.endsWith(temporarySuffix))).toBe(true);
    await writeFileAtomic(path, "next");
    expect(await readFile(path, "utf8")).toBe("next");
  });

  it.each([
    ["before", true],
    ["after", false],
  ] as const)("%s link leaves a claim free: %s", async (when, isFree) => {
    const path = join(folder, "claim");
    expect(killed(when, "link", "createFileAtomic", path).signal).toBe("SIGKILL");
    expect(await createFileAtomic(path, "ours")).toBe(isFree);
    expect(await readFile(path, "utf8")).toBe(isFree ? "ours" : "new");
  });
});
