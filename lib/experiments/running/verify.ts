import { canonicalJson, Random } from "../../core";
import { runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import { codeOf } from "../store/code-version";
import type { RunRecord } from "../store/run-record";
import type { RunStore } from "../store/run-store";
import { versionOf } from "../store/verification";

/** A record that was computed again with other results. */
export interface Disagreement {
  readonly record: RunRecord;
  /** Names of what differs: metrics, facts, files. */
  readonly what: readonly string[];
}

/** What a recomputation of a sample showed. */
export interface Verified {
  readonly agree: readonly RunRecord[];
  readonly differ: readonly Disagreement[];
  /** Those of the sample that could not be computed: nothing is known of their parts. */
  readonly missing: readonly Disagreement[];
  /** The present code version by the one that made records, for those whose parts all agree. */
  readonly codes: Readonly<Record<string, string>>;
  /** Records that have to be computed anew: a part of theirs differs. */
  readonly broken: readonly RunRecord[];
}

/**
 * A sample in which every part occurs: each dataset, request and audit, and each method on each backbone in each mode,
 * in a run of its own where there is one: an audit looks at a method's outcome and does not hold it.
 * It is drawn among the quickest quarter of the records that have a part, with what they rest on, and those that rest
 * on models of the sample come first: a verification takes minutes, not days.
 *
 * @param times how often each part occurs at least, where there are as many records
 * @param seed of the draw
 * @example
 * const records = await readRecords(viewNamed("ifru-time"), "full");
 * const sample = sampleToVerify(records, 1, 1); // a few of them, with every method, backbone and request
 */
export function sampleToVerify(records: readonly RunRecord[], times: number, seed: number): RunRecord[] {
  const byPart = new Map<string, RunRecord[]>();
  for (const record of records)
    for (const part of partsOf(record)) byPart.set(part, [...(byPart.get(part) ?? []), record]);
  for (const [part, all] of byPart) byPart.set(part, bestWitnesses(part, all));
  const rarestFirst = [...byPart].sort(([a, some], [b, others]) => some.length - others.length || (a < b ? -1 : 1));
  const seconds = secondsWithModels(records);
  const chosen = new Map<string, RunRecord>();
  for (const [part, candidates] of rarestFirst) {
    const known = new Set([...chosen.values()].map(modelsOf));
    const quick = [...candidates].sort((a, b) => seconds(a) - seconds(b) || (a.id < b.id ? -1 : 1));
    const drawn = quick.slice(0, Math.max(times, Math.ceil(quick.length / 4)));
    const shuffled = Random.derive(seed, "verify", part).shuffle(Int32Array.from(drawn.keys()));
    const order = Array.from(shuffled, (k) => drawn[k]);
    const had = () => candidates.filter(({ id }) => chosen.has(id)).length;
    for (const record of [...quick.filter((one) => known.has(modelsOf(one))), ...order])
      if (had() < times) chosen.set(record.id, record);
  }
  return [...chosen.values()];
}

/** Of the records with a part those that show it: of a method its own runs, and audits of it where it has none. */
function bestWitnesses(part: string, records: RunRecord[]): RunRecord[] {
  const own = part.startsWith("method ") ? records.filter(({ config }) => config.audit === undefined) : [];
  return own.length > 0 ? own : records;
}

/** Names the trained models that a run rests on: runs of one name share theirs. */
function modelsOf({ config: { dataset, backbone, options, seed } }: RunRecord): string {
  return canonicalJson({
    dataset,
    backbone,
    data: options.data,
    training: options.training,
    request: options.request,
    seed,
  });
}

/** What computing a record takes: its own seconds and those of the models it rests on, as far as they are known. */
function secondsWithModels(records: readonly RunRecord[]): (record: RunRecord) => number {
  const training = new Map<string, number>();
  for (const record of records) {
    const { dataset, backbone, method } = record.config;
    if (["original", "retrain"].includes(method) && record.config.audit === undefined)
      training.set(`${dataset} ${backbone}`, secondsOf(record));
  }
  return (record) => secondsOf(record) + 2 * (training.get(`${record.config.dataset} ${record.config.backbone}`) ?? 0);
}

/**
 * Holds computed runs to the records they were sampled from.
 *
 * @param records all that are to be verified
 * @param sample of them; each is finished in the store
 * @example
 * const older = recordsToVerify(await readRecords(viewNamed("ifru-time"), "full"), builtInParts);
 * const sample = sampleToVerify(older, 1, 1); // the store has them, computed by the present code
 * const { differ } = await holdToRecords(older, sample, new RunStore("runs"), builtInParts);
 * for (const { record, what } of differ) console.log(describeRun(record.config), what);
 */
export async function holdToRecords(
  records: readonly RunRecord[],
  sample: readonly RunRecord[],
  store: RunStore,
  parts: Parts,
): Promise<Verified> {
  const agree: RunRecord[] = [];
  const differ: Disagreement[] = [];
  const missing: Disagreement[] = [];
  for (const record of sample) {
    const { id } = await runOf(record.config, parts, record.engine);
    const state = await store.read(id);
    if (state.kind !== "done") {
      missing.push({ record, what: ["problem" in state ? (state.problem ?? state.kind) : state.kind] });
      continue;
    }
    const what = differences(record, state.record);
    if (what.length === 0) agree.push(record);
    else differ.push({ record, what });
  }
  const suspects = new Set(differ.flatMap(({ record }) => suspectsOf(record)));
  const broken = records.filter((record) => partsOf(record).some((part) => suspects.has(part)));
  const shown = new Set(agree.flatMap(partsOf));
  // a code version has several parts, such as both modes of a method: it is held where all that it made are
  const isShown = (record: RunRecord) => !broken.includes(record) && partsOf(record).every((part) => shown.has(part));
  const doubted = new Set(records.filter((record) => !isShown(record)).map(versionOf));
  const holds = records.filter((record) => !doubted.has(versionOf(record)));
  const codes = holds.map((record) => [versionOf(record), codeOf(record.config, parts).version]);
  return { agree, differ, missing, broken, codes: Object.fromEntries(codes) as Record<string, string> };
}

/** What makes up a run, as far as code tells it apart. */
function partsOf({ config }: RunRecord): string[] {
  const { dataset, backbone, method, options, audit } = config;
  const mode = options.method["mode"] === undefined ? "" : `, ${String(options.method["mode"])}`;
  return [
    `dataset ${dataset}`,
    `request ${String(options.request["kind"])}`,
    `method ${method} on ${backbone}${mode}`,
    ...(audit === undefined ? [] : [`audit ${audit} on ${backbone}`]),
  ];
}

/** Where a difference may come from: the method, and for those that only train a model everything that rests on it. */
function suspectsOf(record: RunRecord): string[] {
  const [dataset, request, ...others] = partsOf(record);
  const trains = ["original", "retrain"].includes(record.config.method);
  return trains ? [dataset, request, ...others] : others;
}

function secondsOf({ seconds, preparation = {} }: RunRecord): number {
  return [...Object.values(seconds), ...Object.values(preparation)].reduce((sum, stage) => sum + stage, 0);
}

/** What of a record is another in the run that was computed again. A fact that older code did not note is none. */
function differences(record: RunRecord, again: RunRecord): string[] {
  const groups = ["metrics", "sampleTests", "facts", "files"] as const;
  return groups.flatMap((group) =>
    Object.entries(record[group])
      .filter(([name, value]) => canonicalJson(again[group][name] ?? null) !== canonicalJson(value))
      .map(([name]) => `${group} ${name}`),
  );
}
