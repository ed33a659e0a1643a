import { announce, InvalidArgumentError, provenance } from "../core";
import { engineName } from "../engine";
import {
  codeOf,
  conditionOf,
  conditionsOf,
  type Disagreement,
  describeRun,
  holdToRecords,
  keepCode,
  keepRecords,
  keptPresets,
  planToCompute,
  type Preset,
  readRecords,
  recordsToVerify,
  runLocally,
  type RunRecord,
  type RunStore,
  sampleToVerify,
  type Verified,
  type View,
  workerCount,
} from "../experiments";
import { builtInParts as parts, viewNamed, views } from "../reproduction";

/** What decides what is computed again. */
export interface VerifyOptions {
  /** How often each part occurs in the sample. */
  readonly sample: number;
  readonly seed: number;
  readonly workers?: number;
  /** Only runs with all of these values, such as `backbone=mf`, and without any of those. */
  readonly only: readonly string[];
  readonly except: readonly string[];
  /** Only say what would be computed. */
  readonly dryRun: boolean;
}

/** The records of a view that the present code did not make. */
interface OlderRecords {
  readonly view: View;
  readonly preset: Preset;
  readonly all: readonly RunRecord[];
  readonly older: readonly RunRecord[];
  /** Of those, what the selection asks about. */
  readonly asked: readonly RunRecord[];
}

/**
 * Computes a seeded sample of the kept runs that other code made. Where every part of a run agrees, its record keeps
 * its result and is held to the present code; where one differs, the records with that part are named.
 *
 * @param names of views; none for all
 * @returns lines for a person
 * @throws InvalidArgumentError when the selection leaves nothing of what could be verified
 */
export async function verifyRecords(
  names: readonly string[],
  store: RunStore,
  { sample: times, seed, workers, dryRun, ...selection }: VerifyOptions,
): Promise<string[]> {
  const files: OlderRecords[] = [];
  for (const view of names.length === 0 ? Object.values(views) : names.map(viewNamed))
    files.push(...(await olderOf(view, selection)));
  const older = unique(files.flatMap((file) => file.older));
  if (older.length === 0) return ["every kept record is of the present code, or was held to it"];
  const asked = unique(files.flatMap((file) => file.asked));
  if (asked.length === 0)
    throw new InvalidArgumentError(`none of the ${older.length} kept runs of older code is selected`, {
      remedy: "leave out --only and --except, or give values of `experiment plan`, such as backbone=mf",
    });
  const sample = sampleToVerify(asked, times, seed);
  const counted = `${older.length} kept runs were made by other code; ${sample.length} of them are the sample`;
  if (dryRun) return [counted, ...sample.map(({ config, id }) => `  ${describeRun(config)} (${id})`)];
  announce(counted);
  const plan = await planToCompute(
    sample.map(({ config }) => config),
    ...([store, parts, engineName()] as const),
  );
  await runLocally(plan, store, parts, { workers: workerCount(workers), label: "verifying kept records" });
  const verified = await holdToRecords(older, sample, store, parts);
  if (Object.keys(verified.codes).length > 0) await note(files, verified);
  return report(verified, older);
}

async function olderOf(view: View, { only, except }: Pick<VerifyOptions, "only" | "except">): Promise<OlderRecords[]> {
  const [isWanted, unwanted] = [conditionsOf(only), except.map(conditionOf)];
  const isSelected = ({ config }: RunRecord) => isWanted(config) && !unwanted.some((holds) => holds(config));
  const found: OlderRecords[] = [];
  for (const preset of await keptPresets(view)) {
    const all = await readRecords(view, preset);
    const older = recordsToVerify(all, parts);
    found.push({ view, preset, all, older, asked: older.filter(isSelected) });
  }
  return found;
}

/** Runs that several views show are one run. */
function unique(records: readonly RunRecord[]): RunRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** Writes into the files what was shown. */
async function note(files: readonly OlderRecords[], { codes, agree }: Verified): Promise<void> {
  const verification = { commit: provenance().commit ?? "unknown", codes, runs: agree.map(({ id }) => id) };
  for (const { view, preset, all, older } of files)
    if (older.length > 0) await keepRecords(view, preset, all, undefined, [verification]);
  const present = files.flatMap(({ older }) => older).map(({ config }) => codeOf(config, parts));
  await keepCode(present.filter(({ version }) => Object.values(codes).includes(version)));
}

function report({ agree, differ, missing, broken, codes }: Verified, older: readonly RunRecord[]): string[] {
  const held = older.filter(({ heldTo, codeVersion }) => Object.hasOwn(codes, heldTo ?? codeVersion)).length;
  const named = ({ record, what }: Disagreement) =>
    `  ${describeRun(record.config)} (${record.id}): ${what.join(", ").split("\n")[0]}`;
  const parts = new Set(broken.map(({ config: { method, backbone } }) => `  ${method} on ${backbone}`));
  return [
    `${agree.length} computed again with the same results, ${differ.length} with others; ${missing.length} could not be`,
    ...[...differ, ...missing].map(named),
    `${held} of the ${older.length} runs are held to the present code`,
    ...(broken.length === 0
      ? []
      : [`${broken.length} have a part that differs, and are to be computed anew:`, ...parts]),
  ];
}
