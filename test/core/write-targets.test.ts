import { spawnSync } from "node:child_process";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  InvalidArgumentError,
  InvalidDataError,
  moveFileAtomic,
  readRegularFile,
  sha256OfFile,
  writeFileAtomic,
} from "recsys-unlearning/core";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "write-targets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);

/** Both ways of putting a whole file in the place of another. */
const writers: [string, (path: string, content: string) => Promise<void>][] = [
  ["writeFileAtomic", writeFileAtomic],
  [
    "moveFileAtomic",
    async (path, content) => {
      await writeFile(inFolder("made"), content);
      await moveFileAtomic(inFolder("made"), path);
    },
  ],
];

describe.runIf(process.platform !== "win32").each(writers)("%s", (_, write) => {
  it.each([0o600, 0o640, 0o664, 0o755])("keeps the permissions %o of what it replaces", async (mode) => {
    await writeFile(inFolder("kept"), "old");
    await chmod(inFolder("kept"), mode);
    await write(inFolder("kept"), "new");
    expect(await readFile(inFolder("kept"), "utf8")).toBe("new");
    expect((await stat(inFolder("kept"))).mode & 0o777).toBe(mode);
  });

  it.runIf(process.getuid?.() === 0)("keeps its owner, where it may", async () => {
    await writeFile(inFolder("kept"), "old");
    await chown(inFolder("kept"), 1234, 2345);
    await write(inFolder("kept"), "new");
    expect(await stat(inFolder("kept"))).toMatchObject({ uid: 1234, gid: 2345 });
  });

  it("refuses a file that is read-only", async () => {
    await writeFile(inFolder("kept"), "old");
    await chmod(inFolder("kept"), 0o444);
    const failed = write(inFolder("kept"), "new");
    await expect(failed).rejects.toThrow(/read-only[\s\S]*kept[\s\S]*chmod u\+w/);
    await expect(failed).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(await readFile(inFolder("kept"), "utf8")).toBe("old");
  });

  it("writes through links, also to a file that is not there yet", async () => {
    await mkdir(inFolder("elsewhere"));
    await writeFile(inFolder("elsewhere/there"), "old");
    await symlink("elsewhere/there", inFolder("first"));
    await symlink(inFolder("first"), inFolder("second"));
    await symlink("elsewhere/fresh", inFolder("dangling"));
    for (const [path, target] of [
      ["second", "there"],
      ["dangling", "fresh"],
    ]) {
      await write(inFolder(path), "new");
      expect(await readFile(inFolder(`elsewhere/${target}`), "utf8")).toBe("new");
      expect((await lstat(inFolder(path))).isSymbolicLink()).toBe(true);
    }
    expect(await readlink(inFolder("first"))).toBe("elsewhere/there");
    expect((await readdir(inFolder("elsewhere"))).sort()).toEqual(["fresh", "there"]);
  });

  it("refuses a pipe, a device, a folder, and links in a circle", async () => {
    spawnSync("mkfifo", [inFolder("pipe")]);
    await symlink("/dev/null", inFolder("device"));
    await symlink(inFolder("circle"), inFolder("circle"));
    await mkdir(inFolder("folder"));
    for (const name of ["pipe", "device", "folder", "circle"])
      await expect(write(inFolder(name), "new")).rejects.toBeInstanceOf(InvalidArgumentError);
    expect((await lstat(inFolder("pipe"))).isFIFO()).toBe(true);
  });
});

it("moves a file to another file system through a link", async (context) => {
  const other = await mkdtemp("/dev/shm/write-targets-").catch(() => null);
  if (other === null || (await stat(other)).dev === (await stat(folder)).dev)
    return context.skip("this machine has no second file system to move to");
  try {
    await symlink(join(other, "there"), inFolder("link"));
    await writeFile(inFolder("made"), "new");
    await moveFileAtomic(inFolder("made"), inFolder("link"));
    expect(await readFile(join(other, "there"), "utf8")).toBe("new");
    expect([await readdir(folder), await readdir(other)]).toEqual([["link"], ["there"]]);
  } finally {
    await rm(other, { recursive: true });
  }
});

describe.runIf(process.platform !== "win32")("what is read", () => {
  it.each([
    ["readRegularFile", readRegularFile],
    ["sha256OfFile", sha256OfFile],
  ])("by %s is a regular file: a pipe is not waited for, a device not read", async (_, read) => {
    spawnSync("mkfifo", [inFolder("pipe")]);
    await symlink("/dev/zero", inFolder("device"));
    for (const [name, kind] of [
      ["pipe", /a pipe/],
      ["device", /a device/],
      [".", /a folder/],
    ] as const) {
      const failed = read(inFolder(name));
      await expect(failed).rejects.toThrow(kind);
      await expect(failed).rejects.toBeInstanceOf(InvalidDataError);
    }
    await writeFile(inFolder("plain"), "text");
    await link(inFolder("plain"), inFolder("same"));
    expect(await read(inFolder("same"))).toBeTruthy();
  });
});
