import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { Claim, folderMarker, markerOf, readRegularFile } from "../../core";
import { RunStore } from "./run-store";

/** What cleaning a store removed, or would, and what it left alone. */
export interface CleanReport {
  readonly removed: readonly string[];
  /** By path, why. */
  readonly left: Readonly<Record<string, string>>;
}

const notOurs = "it does not carry our marker";
const runId = "[0-9a-f]{20}";

/**
 * Removes from a run store what was not finished, and with `all` what was. Only what carries our marker: a run's folder
 * its config, a grid its version, a claim its holder, a folder of logs a file of its own. What a living process works
 * on stays.
 *
 * @param dryRun only tells
 * @example
 * const { removed, left } = await cleanRunStore("runs", { all: false, dryRun: true }); // what it would remove
 */
export async function cleanRunStore(
  folder: string,
  { all, dryRun }: { readonly all: boolean; readonly dryRun: boolean },
): Promise<CleanReport> {
  const cleaning = new Cleaning(new RunStore(folder), dryRun);
  for (const id of await cleaning.store.ids()) await cleaning.run(id, all);
  for (const name of await namesIn(join(folder, "discarded"))) await cleaning.discarded(name);
  if (all) for (const part of ["grids", "slurm", "claims"]) await cleaning.part(part);
  return cleaning;
}

class Cleaning implements CleanReport {
  readonly removed: string[] = [];
  readonly left: Record<string, string> = {};

  constructor(
    readonly store: RunStore,
    private readonly dryRun: boolean,
  ) {}

  /** A run, in whichever of its folders; for the time it takes, nobody else computes it. */
  async run(id: string, all: boolean): Promise<void> {
    const places = ["runs", "again", "aside"].map((part) => join(this.store.folder, part, id));
    if (!(await this.isOurs(places, id))) return this.leave(places[0], notOurs);
    if (this.dryRun) {
      if (await this.store.isRunning(id)) return this.leave(places[0], "a process works on it");
      return this.places(id, places, all);
    }
    const claim = await this.store.claim(id);
    if (claim === null) return this.leave(places[0], (await this.store.obstacle(id)) ?? "a process works on it");
    try {
      await this.store.settle(id);
      await this.places(id, places, all);
    } finally {
      await claim.release(true);
    }
  }

  private async places(id: string, places: readonly string[], all: boolean): Promise<void> {
    const { kind } = await this.store.read(id);
    for (const path of places) {
      const names = await namesIn(path);
      if (names.length === 0) continue;
      if (!all && kind === "unreadable") this.leave(path, "its result cannot be read");
      else if (!all && kind === "done" && names.includes("result.json")) continue;
      else await this.remove(path);
    }
  }

  /** What older releases put out of the way and did not come to remove. */
  async discarded(name: string): Promise<void> {
    const path = join(this.store.folder, "discarded", name);
    const [, id] = new RegExp(`^(${runId})\\.\\d+$`).exec(name) ?? [];
    if (id !== undefined && (await isRunFolder(path, id))) await this.remove(path);
    else this.leave(path, notOurs);
  }

  /** The files of a folder that serves all runs; the folder too, when nothing else is in it. */
  async part(part: string): Promise<void> {
    const folder = join(this.store.folder, part);
    const names = await namesIn(folder);
    if (names.length === 0) return;
    const ours = await this.oursOf(part, folder, names);
    if (!this.dryRun) for (const name of ours) await rm(join(folder, name), { force: true });
    for (const name of names) if (!ours.includes(name)) this.leave(join(folder, name), notOurs);
    if (ours.length > 0) this.removed.push(folder);
    if (!this.dryRun) await rmdir(folder).catch(() => undefined); // something else is in it
  }

  private async oursOf(part: string, folder: string, names: readonly string[]): Promise<string[]> {
    if (part === "slurm") {
      const isLog = (name: string) => name === folderMarker || /^\d+(_\d+|-collect)\.log$/.test(name);
      return (await markerOf(folder)) === null ? [] : names.filter(isLog);
    }
    const ours: string[] = [];
    for (const name of names)
      if (part === "grids" ? await isGrid(join(folder, name)) : await this.isDeadClaim(folder, name, names))
        ours.push(name);
    return ours;
  }

  private async isDeadClaim(folder: string, name: string, names: readonly string[]): Promise<boolean> {
    const [, base, id] = new RegExp(`^((${runId})\\.\\d+)(?:\\.alive|\\.released)?$`).exec(name) ?? [];
    if (id === undefined || !names.includes(base) || (await Claim.isHeld(folder, id))) return false;
    return isJson(join(folder, base), ({ machine, pid }) => typeof machine === "string" && typeof pid === "number");
  }

  private async isOurs(places: readonly string[], id: string): Promise<boolean> {
    for (const path of places) if ((await namesIn(path)).length > 0 && !(await isRunFolder(path, id))) return false;
    return true;
  }

  private async remove(path: string): Promise<void> {
    this.removed.push(path);
    if (!this.dryRun) await rm(path, { recursive: true, force: true });
  }

  private leave(path: string, why: string): void {
    this.left[path] = why;
  }
}

/** Whether a folder is that of a run of ours: its config says which. */
function isRunFolder(path: string, id: string): Promise<boolean> {
  return isJson(join(path, "config.json"), (value) => value["id"] === id && typeof value["dataHash"] === "string");
}

function isGrid(path: string): Promise<boolean> {
  return isJson(path, ({ version, store, runs }) => version === 1 && typeof store === "string" && Array.isArray(runs));
}

async function isJson(path: string, is: (value: Record<string, unknown>) => boolean): Promise<boolean> {
  try {
    const value: unknown = JSON.parse((await readRegularFile(path)).toString("utf8"));
    return typeof value === "object" && value !== null && is(value as Record<string, unknown>);
  } catch {
    return false; // what cannot be read does not say that it is ours
  }
}

/** The names in a folder; none where it is not there, or is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [] as string[]);
}
