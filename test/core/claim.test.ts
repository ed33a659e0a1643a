import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { Claim, inRepository, thisProcess } from "recsys-unlearning/core";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "claims-"));
  folders.push(made);
  return made;
}

/** Changes what a claim says of its holder. */
async function rewrite(file: string, change: object): Promise<void> {
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, "utf8")) as object), ...change }));
}

/** A process that holds a claim until it is killed. Runs what `npm run build` made. */
async function holderIn(claims: string, id: string, ...launcher: string[]): Promise<ChildProcess> {
  const core = JSON.stringify(inRepository("lib", "dist", "core", "index.js"));
  const script = `require(${core}).Claim.take(${JSON.stringify(claims)}, ${JSON.stringify(id)})
    .then((claim) => { console.log(claim === null ? "refused" : "held"); setInterval(() => {}, 1000); })`;
  const [command, ...args] = [...launcher, process.execPath, "-e", script];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(String(text))));
  expect(said.trim()).toBe("held");
  return child;
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));

/** A process that is dead by now. */
async function deadPid(): Promise<number> {
  const child = fork("-e", [], { execArgv: ["-e", ""], stdio: "ignore" });
  await new Promise((resolve) => child.on("exit", resolve));
  return child.pid as number;
}

describe("a claim in a folder that is moved away", () => {
  it("is given back without that of whoever made the folder anew", async () => {
    const claims = join(await folder(), "work");
    const first = await Claim.take(claims, "a");
    await rename(claims, `${claims}.grave`);
    const second = await Claim.take(claims, "a");
    expect(second).not.toBeNull();
    await first!.release(true);
    expect(await Claim.isHeld(claims, "a")).toBe(true);
    await second!.release(true);
    expect(await Claim.isHeld(claims, "a")).toBe(false);
  });

  it("is made in the new one", async () => {
    const parent = await folder();
    let moved = 0;
    for (let round = 0; round < 100; round++) {
      const claims = join(parent, `work${round}`);
      await mkdir(claims);
      const taking = Claim.take(claims, "a");
      for (let turn = 0; turn < round % 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      const moving = rename(claims, `${claims}.grave`).then(() => moved++, () => undefined); // prettier-ignore
      const claim = await taking;
      expect(claim).not.toBeNull();
      await moving;
      await claim!.release(true);
    }
    expect(moved).toBeGreaterThan(50);
  });
});

describe("a claim", () => {
  it("is held by one until it is given back", async () => {
    const claims = await folder();
    const first = await Claim.take(claims, "a");
    expect(first).not.toBeNull();
    expect(await Claim.take(claims, "a")).toBeNull();
    expect(await Claim.isHeld(claims, "b")).toBe(false);
    expect(await Claim.obstacle(claims, "b")).toBeNull();
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

  describe("whose holder lives", () => {
    afterEach(() => vi.useRealTimers());

    it("beats in half the time after which it would be taken for dead, until it is given back", async () => {
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
      const claims = await folder();
      const held = await Claim.take(claims, "a");
      await rewrite(join(claims, "a.0"), { machine: "another" });
      const longAgo = new Date(Date.now() - 6 * 60_000);
      await utimes(join(claims, "a.0.alive"), longAgo, longAgo);
      expect(await Claim.isHeld(claims, "a")).toBe(false);
      vi.advanceTimersByTime(2.5 * 60_000);
      await expect.poll(() => Claim.isHeld(claims, "a")).toBe(true);
      await held?.release(false);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it.each([
    ["empty", (file: string) => writeFile(file, "")],
    ["cut off", async (file: string) => writeFile(file, (await readFile(file, "utf8")).slice(0, 40))],
    ["of another form", (file: string) => rewrite(file, { pid: "7" })],
    ["null", (file: string) => writeFile(file, "null")],
    ["a folder", async (file: string) => (await rm(file), mkdir(file))],
    ["a pipe", async (file: string) => (await rm(file), void spawnSync("mkfifo", [file]))],
    ["a device", async (file: string) => (await rm(file), symlink("/dev/zero", file))],
    ["a link in a circle", async (file: string) => (await rm(file), symlink(file, file))],
  ])("that is %s cannot be read: its holder may live, and the file is named", async (_, damage) => {
    const claims = await folder();
    const held = await Claim.take(claims, "a");
    await damage(join(claims, "a.0"));
    expect(await Claim.take(claims, "a")).toBeNull();
    expect(await Claim.isHeld(claims, "a")).toBe(true);
    expect(await Claim.obstacle(claims, "a")).toContain(`remove ${join(claims, "a.0")}`);
    await held?.release(false);
    expect(await Claim.isHeld(claims, "a")).toBe(false);
  });

  it("in a folder that cannot be looked at is not free", async () => {
    const claims = join(await folder(), "claims");
    await symlink(claims, claims);
    await expect(Claim.take(claims, "a")).rejects.toThrow(/ELOOP/);
    await expect(Claim.isHeld(claims, "a")).rejects.toThrow(/ELOOP/);
  });

  it("of another machine counts where nothing can be told of its heart, as on a full disk", async () => {
    const claims = await folder();
    const long = "a".repeat(225); // of a longer name than its own files' no file can be made
    await Claim.take(claims, long);
    await rewrite(join(claims, `${long}.0`), { machine: "another" });
    const longAgo = new Date(Date.now() - 6 * 60_000);
    await utimes(join(claims, `${long}.0.alive`), longAgo, longAgo);
    expect(await Claim.isHeld(claims, long)).toBe(true);
    expect(await Claim.take(claims, long)).toBeNull();
  });

  it("is counted by numbers: the eleventh comes after the tenth", async () => {
    const claims = await folder();
    const living = JSON.stringify(thisProcess());
    const dead = JSON.stringify({ ...thisProcess(), pid: await deadPid() });
    for (let number = 0; number < 11; number++)
      await writeFile(join(claims, `a.${number}`), number === 10 ? living : dead);
    await writeFile(join(claims, "ab.77"), dead);
    expect(await Claim.isHeld(claims, "a")).toBe(true);
    await writeFile(join(claims, "a.10"), dead);
    await Claim.take(claims, "a");
    expect((await readdir(claims)).filter((file) => /^a\.1\d/.test(file)).sort()).toEqual([
      "a.10",
      "a.11",
      "a.11.alive",
    ]);
  });

  it.each([1, 60, 60 * 24 * 365])("with a heartbeat %i h in the future does not live for ever", async (hours) => {
    const claims = await folder();
    await Claim.take(claims, "a");
    await rewrite(join(claims, "a.0"), { machine: "another" });
    const future = new Date(Date.now() + hours * 3600_000);
    await utimes(join(claims, "a.0.alive"), future, future);
    expect(await Claim.isHeld(claims, "a")).toBe(false);
    expect(await Claim.take(claims, "a")).not.toBeNull();
  });

  it("names host, boot and process namespace; one of another namespace counts while its heart beats", async () => {
    const { machine } = thisProcess();
    if (process.platform === "linux") expect(machine).toMatch(/^\S+ [0-9a-f-]{36} pid:\[\d+\]$/);
    const claims = await folder();
    await Claim.take(claims, "a");
    await rewrite(join(claims, "a.0"), { machine: machine.replace(/pid:.*/, "pid:[1]"), pid: await deadPid() });
    expect(await Claim.take(claims, "a")).toBeNull();
    const longAgo = new Date(Date.now() - 6 * 60_000);
    await utimes(join(claims, "a.0.alive"), longAgo, longAgo);
    expect(await Claim.take(claims, "a")).not.toBeNull();
  });

  const inNamespace = ["unshare", "--pid", "--fork", "--kill-child"];
  it.runIf(spawnSync(inNamespace[0], [...inNamespace.slice(1), "true"]).status === 0)(
    "of a living process in another container of the same host name is held",
    async () => {
      const claims = await folder();
      const holder = await holderIn(claims, "a", ...inNamespace); // has number 1 there
      expect(await Claim.take(claims, "a")).toBeNull();
      holder.kill("SIGKILL");
      await ended(holder);
    },
  );

  it.runIf(process.platform === "linux")("of a stopped process is held, and the process is named", async () => {
    const claims = await folder();
    const holder = await holderIn(claims, "a");
    expect(await Claim.obstacle(claims, "a")).toBeNull();
    holder.kill("SIGSTOP");
    while ((await Claim.obstacle(claims, "a")) === null) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await Claim.obstacle(claims, "a")).toContain(`process ${holder.pid} holds it and is stopped; kill -CONT`);
    expect(await Claim.take(claims, "a")).toBeNull();
    holder.kill("SIGKILL");
    await ended(holder);
    expect(await Claim.take(claims, "a")).not.toBeNull();
  });

  it.runIf(process.platform === "linux")(
    "of a process that ended, though its parent has not looked, is free",
    async () => {
      const claims = await folder();
      const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
      const pid = Number(await new Promise((resolve) => parent.stdout.once("data", (text) => resolve(String(text)))));
      const stat = () => readFile(`/proc/${pid}/stat`, "utf8");
      while (!(await stat()).includes(") Z ")) await new Promise((resolve) => setTimeout(resolve, 5));
      await Claim.take(claims, "a");
      await rewrite(join(claims, "a.0"), { pid, started: (await stat()).split(") ")[1].split(" ")[19] });
      expect(await Claim.take(claims, "a")).not.toBeNull();
      parent.kill("SIGKILL");
    },
  );

  it("given back late leaves the claim of whoever took over", async () => {
    const claims = await folder();
    const late = await Claim.take(claims, "a");
    await rewrite(join(claims, "a.0"), { pid: await deadPid() });
    const next = await Claim.take(claims, "a");
    await late?.release(true);
    expect(await Claim.take(claims, "a")).toBeNull();
    await next?.release(true);
    expect(await readdir(claims)).toEqual([]);
  });
});
