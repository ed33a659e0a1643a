// The ids of kept runs state only what differs from the defaults. So a default may not change unless its part's
// revision is raised: the snapshot beside this file has every default at its revision. A new option or part is added by
// `npx vitest run test/reproduction/defaults.test.ts -u`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Mode, type OptionList, settingsOf } from "recsys-unlearning/core";
import type { Options, Parts } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";

/** A part under given circumstances, at its revision. */
interface Snapshot {
  readonly revision: number;
  readonly defaults: Options;
}
type Snapshots = Readonly<Record<string, Snapshot>>;

function snapshotsOf({ tasks, datasets, backbones, methods }: Parts): Snapshots {
  const found: Record<string, Snapshot> = {};
  const add = (name: string, { revision = 1 }: { revision?: number }, defaults: Options) =>
    (found[name] = { revision, defaults });
  const defaults = (list: OptionList, mode?: Mode) => settingsOf(list).defaults(mode) as Options;
  for (const [name, part] of Object.entries(datasets)) add(`dataset ${name}`, part, defaults(part.options));
  for (const [name, part] of Object.entries(backbones))
    for (const [dataset, { task }] of Object.entries(datasets))
      if (task === part.task) add(`backbone ${name} on ${dataset}`, part, defaults(part.options(dataset)));
  for (const [name, part] of Object.entries(methods))
    for (const backbone of part.backbones === "all" ? ["mf"] : part.backbones) {
      const list = part.options(backbone);
      for (const mode of "mode" in list.fields ? (["principled", "paper"] as const) : [undefined])
        add(`method ${name} on ${backbone}${mode === undefined ? "" : `, ${mode}`}`, part, defaults(list, mode));
    }
  for (const [task, { requests, audits }] of Object.entries(tasks)) {
    for (const [kind, part] of Object.entries(requests))
      add(`request ${kind} of ${task}`, part, defaults(part.options));
    for (const [name, part] of Object.entries(audits)) add(`audit ${name} of ${task}`, part, {});
  }
  return found;
}

/** What of a snapshot does not hold any more, in words. */
function broken(before: Snapshots, now: Snapshots): string[] {
  return Object.entries(before).flatMap(([name, { revision, defaults }]) => {
    const present = now[name] as Snapshot | undefined;
    if (present === undefined) return [`${name} is gone: records of its runs cannot be found any more`];
    if (present.revision !== revision) return [];
    return Object.entries(defaults)
      .filter(([option, value]) => present.defaults[option] !== value)
      .map(([option, value]) => `${name}: "${option}" was ${String(value)}; raise the part's revision`);
  });
}

const path = join(__dirname, "defaults.json");
const text = (snapshots: Snapshots) => JSON.stringify(snapshots, null, 1) + "\n";

describe("the defaults of every part", () => {
  it("are those of the snapshot, where the revision is", async () => {
    const now = snapshotsOf(builtInParts);
    expect(broken(JSON.parse(readFileSync(path, "utf8")) as Snapshots, now)).toEqual([]); // -u does not get past this
    await expect(text(now)).toMatchFileSnapshot(path);
  });

  it("may be joined by new ones, and change with the revision alone", () => {
    const before: Snapshots = { mf: { revision: 1, defaults: { epochs: 5 } } };
    expect(broken(before, { mf: { revision: 1, defaults: { epochs: 5, newer: 1 } }, other: before["mf"] })).toEqual([]);
    expect(broken(before, { mf: { revision: 1, defaults: { epochs: 6 } } })).toHaveLength(1);
    expect(broken(before, { mf: { revision: 2, defaults: { epochs: 6 } } })).toEqual([]);
    expect(broken(before, { mf: { revision: 1, defaults: {} } })).toHaveLength(1);
    expect(broken(before, {})).toHaveLength(1);
  });
});
