import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFileAtomic, readRegularFile, temporarySuffix } from "./files";
import { type ProcessIdentity, stateOf, thisProcess } from "./processes";

/** A claim on another machine whose holder has not been heard of for this long is dead. */
const silentMs = 5 * 60_000;
const heartbeatMs = 30_000;

/** What is known of whoever holds something. */
interface Holder {
  readonly alive: boolean;
  /** Why it may be held for ever, and what to do; `null` where nothing is wrong. */
  readonly obstacle: string | null;
}

const nobody: Holder = { alive: false, obstacle: null };

/** The right to work on one thing, held by one process at a time, also on a network file system. */
export class Claim {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly folder: string,
    private readonly id: string,
    private readonly number: number,
    private readonly content: string,
  ) {
    this.heartbeat = setInterval(() => void beat(this.file), heartbeatMs);
    this.heartbeat.unref();
  }

  private get file(): string {
    return join(this.folder, `${this.id}.${this.number}`);
  }

  /**
   * Claims a thing. Claims are files numbered upwards: the next number may be created when the holder of the last is
   * dead or done, and creating is atomic, so two processes never hold one thing.
   *
   * @param folder where claims are kept
   * @param id of the thing; part of file names
   * @returns `null` when somebody else works on it
   */
  static async take(folder: string, id: string): Promise<Claim | null> {
    const last = (await claimsOn(folder, id)).at(-1);
    if (last !== undefined && (await holderOf(join(folder, last.file))).alive) return null;
    const number = (last?.number ?? -1) + 1;
    const file = join(folder, `${id}.${number}`);
    const content = JSON.stringify({ ...thisProcess(), token: randomUUID() });
    if (!(await createAlsoAnew(file, content))) return null;
    await beat(file);
    return new Claim(folder, id, number, content);
  }

  /** Whether somebody works on a thing now. */
  static async isHeld(folder: string, id: string): Promise<boolean> {
    return (await lastHolder(folder, id)).alive;
  }

  /** Why a thing may be held for ever, by whom, and what to do; `null` where it is free or its holder works. */
  static async obstacle(folder: string, id: string): Promise<string | null> {
    return (await lastHolder(folder, id)).obstacle;
  }

  private async isOurs(): Promise<boolean> {
    const there = await readRegularFile(this.file).catch(() => null);
    return there?.toString("utf8") === this.content;
  }

  /** Gives the thing back: finished (nobody needs its claims any more) or for another to go on with. */
  async release(finished: boolean): Promise<void> {
    clearInterval(this.heartbeat);
    if (!finished) {
      const released = createFileAtomic(`${this.file}.released`, "");
      return void (await released.catch(() => rm(this.file, { force: true }))); // a full disk takes no note
    }
    for (const { file, number } of await claimsOn(this.folder, this.id)) {
      if (number > this.number) return; // taken over while this process was not heard of: not ours to remove
      if (number === this.number && !(await this.isOurs())) return; // of whoever made the folder anew under its name
      for (const suffix of [".released", ".alive", ""]) await rm(join(this.folder, file + suffix), { force: true });
    }
  }
}

/** How often a folder may go away while a claim is written into it. */
const mostVanished = 10;

/** Creates a claim, also where its folder is moved away meanwhile: whoever releases one with its content does that. */
async function createAlsoAnew(file: string, content: string): Promise<boolean> {
  for (let vanished = 0; ; vanished++) {
    try {
      return await createFileAtomic(file, content);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || vanished === mostVanished) throw error;
    }
  }
}

/** The claims there are on a thing, oldest first. */
async function claimsOn(folder: string, id: string): Promise<{ file: string; number: number }[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [] as string[];
    throw error; // what cannot be looked at is not free
  });
  return files
    .filter((file) => file.startsWith(`${id}.`) && /^\d+$/.test(file.slice(id.length + 1)))
    .map((file) => ({ file, number: Number(file.slice(id.length + 1)) }))
    .sort((a, b) => a.number - b.number);
}

async function lastHolder(folder: string, id: string): Promise<Holder> {
  const last = (await claimsOn(folder, id)).at(-1);
  return last === undefined ? nobody : holderOf(join(folder, last.file));
}

async function holderOf(file: string): Promise<Holder> {
  if (await exists(`${file}.released`)) return nobody;
  let holder: ProcessIdentity;
  try {
    holder = parsed((await readRegularFile(file)).toString("utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return nobody; // gone in the meantime
    return { alive: true, obstacle: `its claim cannot be read; if nobody works on it, remove ${file}` };
  }
  const state = stateOf(holder);
  if (state === "elsewhere") return { alive: await isHeardOf(file), obstacle: null };
  const { pid } = holder;
  return {
    alive: state !== "dead",
    obstacle: state === "stopped" ? `process ${pid} holds it and is stopped; kill -CONT ${pid} lets it go on` : null,
  };
}

/** @throws SyntaxError for what is no claim */
function parsed(text: string): ProcessIdentity {
  const { machine, pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
  if (typeof machine === "string" && Number.isInteger(pid) && Number(pid) > 0 && typeof started === "string")
    return { machine, pid: Number(pid), started };
  throw new SyntaxError("this is no claim");
}

/**
 * Whether a holder elsewhere has beaten lately. A heartbeat from the future tells of a wrong clock, not of a living
 * process.
 */
async function isHeardOf(file: string): Promise<boolean> {
  try {
    return Math.abs((await fileSystemNow(file)) - (await lastBeat(file))) < silentMs;
  } catch {
    return true; // a full or read-only disk: nothing can be told
  }
}

/** The file server's clock, which is the one that marks heartbeats: by touching a file beside the claim. */
async function fileSystemNow(file: string): Promise<number> {
  const probe = `${file}.${randomUUID().slice(0, 8)}${temporarySuffix}`;
  await createFileAtomic(probe, "");
  const { mtimeMs } = await stat(probe);
  await rm(probe, { force: true });
  return mtimeMs;
}

/** Marks the holder alive, by the file server's clock. */
async function beat(file: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK = 0 } = constants; // a pipe in its place is not waited for
  const flag = O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK;
  await writeFile(`${file}.alive`, "1", { flag }).catch(() => undefined); // a full disk must not stop the run itself
}

async function lastBeat(file: string): Promise<number> {
  const { mtimeMs } = await stat(`${file}.alive`).catch(() => stat(file));
  return mtimeMs;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
