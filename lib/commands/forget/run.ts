import { join, relative } from "node:path";
import { verdict, type Verdict } from "../../audits";
import {
  commandLine,
  inWorkFolder,
  InvalidArgumentError,
  nowMs,
  ProgressTask,
  provenance,
  redirectAnnouncements,
  sha256OfFile,
  throwIfCancelled,
  writeFileAtomic,
} from "../../core";
import { rowCount } from "../../data";
import { tensorEngine } from "../../engine";
import { type ModelWithIds, recommend, saveWithIds, type RatingsRecommender, withIds } from "../../recommendations";
import type { Table } from "../../tables";
import { applyUpdate } from "../../training";
import { type Answered, benches } from "./answers";
import { chartsOf } from "./charts";
import { type Fitted, methodLabels, requireMethod } from "./families";
import type { ForgetFlags } from "./flags";
import { requireOutputFolder } from "../output-folder";
import { typedPath } from "../typed-path";
import { readTask, type Task } from "./read";
import { type Report, writeReport } from "./report";

/** What was trained and answered. */
interface Work {
  readonly original: Fitted<RatingsRecommender>;
  readonly answered: Answered;
  readonly after: RatingsRecommender;
  readonly retrained: readonly { readonly model: RatingsRecommender; readonly seconds: number }[];
  readonly verdict: Verdict;
}

/** `npm run forget`: load, fit, forget, verdict; then a report, the model and the record. */
export async function forget(data: string, flags: ForgetFlags): Promise<void> {
  if (flags.json) redirectAnnouncements((line) => console.error(line));
  const start = nowMs();
  requireMethod(flags.model, flags.method, Object.keys(benches[flags.model].methods));
  if (flags.retrain && flags.retrainings === 0)
    throw new InvalidArgumentError("there are 0 retrainings", { remedy: "give --no-retrain, or --retrainings 2" });
  const folder = flags.out === undefined ? inWorkFolder("figures", "local", "forget") : typedPath("forget", flags.out);
  requireOutputFolder(folder, "--out");
  const task = await readTask(data, flags);
  const work = await doWork(task, flags);
  const kept = keptOf(task, work, flags);
  const report: Report = {
    verdict: work.verdict,
    figures: chartsOf(work.verdict, task.request, {
      ...{ before: work.answered.before, after: work.after, retrained: work.retrained.at(0)?.model },
    }),
    facts: factsOf(task, work, flags, (nowMs() - start) / 1000),
    lists: await someLists(kept),
  };
  throwIfCancelled("forget");
  const files = await writeReport(folder, report);
  await saveWithIds(join(folder, "model.safetensors"), kept);
  files["model.safetensors"] = await sha256OfFile(join(folder, "model.safetensors"));
  const record = await recordOf(task, work, flags, files);
  await writeFileAtomic(join(folder, "record.json"), `${JSON.stringify(record, null, 2)}\n`);
  if (flags.json) return console.log(JSON.stringify(work.verdict, null, 2));
  console.log(`\n${work.verdict.toText()}\n`);
  const shown = relative(typedPath("forget", "."), folder);
  console.log(`report, figures, model and record: ${join(shown === "" ? "." : shown, "report.html")}`);
  console.log(`forget: ${((nowMs() - start) / 1000).toFixed(1)} s`);
}

async function doWork({ split, request }: Task, flags: ForgetFlags): Promise<Work> {
  const { family, methods } = benches[flags.model];
  const { seed, epochs, damping } = flags;
  const retrainings = flags.retrain ? flags.retrainings : 0;
  const stages = new ProgressTask(`forgetting ${request.name}`, 3 + retrainings, "stages");
  let done = 0;
  const stage = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    stages.update(done, name);
    const result = await work();
    stages.update(++done, name);
    return result;
  };
  try {
    const original = await stage("training Original", () => family.fit(split.train, split.valid, seed, epochs));
    const given = { family, original, request, valid: split.valid, seed, damping };
    const answered = await stage(flags.method, () => methods[flags.method](given));
    const after = applyUpdate(answered.before as never, answered.answer.update) as RatingsRecommender;
    const retrained: { model: RatingsRecommender; seconds: number }[] = [];
    for (let k = 0; k < retrainings; k++) {
      const began = nowMs();
      const model = await stage(`retraining ${k + 1} of ${retrainings}`, () => answered.retrain(seed + k));
      retrained.push({ model, seconds: (nowMs() - began) / 1000 });
    }
    const found = await stage("the verdict", () =>
      verdict(answered.before, answered.answer, request, {
        ...{ retrain: retrained, test: split.test, name: methodLabels[flags.method], seed },
        preparationSeconds: answered.preparationSeconds,
      }),
    );
    return { original, answered, after, retrained, verdict: found };
  } finally {
    stages.finish();
  }
}

/** The model after, with the ids of those who stay. */
function keptOf({ dataset, split, splitOptions, request, titles }: Task, work: Work, flags: ForgetFlags): ModelWithIds {
  const about = {
    dataset: { name: dataset.name, dataHash: dataset.dataHash },
    split: splitOptions,
    training: { model: flags.model, ...work.original.options },
    forgotten: { ...request.description, asked: {} }, // ids of those who asked to be forgotten stay out of the file
    method: flags.method,
  };
  return withIds(work.after, split.train, { titles, about, forgetRows: request.forgetRows });
}

/** What three of those who stay would be recommended. */
async function someLists(kept: ModelWithIds): Promise<Table | null> {
  const { users, seen } = kept;
  const staying = users.flatMap((raw, user) =>
    raw !== null && seen.pointers[user] < seen.pointers[user + 1] ? [raw] : [],
  );
  if (staying.length === 0) return null;
  return (await recommend(kept, { users: staying.slice(0, 3), k: 5 })).table();
}

function factsOf(task: Task, { original, answered, retrained }: Work, flags: ForgetFlags, seconds: number) {
  const { dataset, split, request } = task;
  const { commit, dirty, node, cpu, cores } = provenance();
  const { rows, users, items } = request.description;
  return {
    data: `${dataset.source}, ${rowCount(dataset.interactions)} rows (sha256 ${dataset.dataHash.slice(0, 16)}…)`,
    split: `${rowCount(split.train)} training, ${rowCount(split.valid)} validation, ${rowCount(split.test)} test rows`,
    request: `${request.name}: ${counted(rows, "training row")} of ${counted(users, "user")}, ${counted(items, "item")}`,
    model: `${flags.model}, ${original.bestEpoch} of ${original.epochs} epochs kept, ${original.seconds.toFixed(1)} s`,
    method: `${flags.method}, prepared in ${answered.preparationSeconds.toFixed(1)} s`,
    retrainings: retrained.length === 0 ? "none" : `${retrained.length}, seeds ${flags.seed} on`,
    seed: String(flags.seed),
    code:
      commit === null ? "an installed package" : `commit ${commit.slice(0, 12)}${dirty === true ? ", changed" : ""}`,
    machine: `${cpu}, ${cores} cores, node ${node}`,
    took: `${seconds.toFixed(1)} s`,
  };
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** All that it takes to say how the report came about. */
async function recordOf(task: Task, work: Work, flags: ForgetFlags, files: Readonly<Record<string, string>>) {
  const { dataset, splitOptions, request } = task;
  const { original, answered, retrained } = work;
  const { json: _json, quiet: _quiet, out: _out, ...config } = flags;
  return {
    command: commandLine("forget"),
    config,
    data: { name: dataset.name, source: dataset.source, dataHash: dataset.dataHash, split: splitOptions },
    request: request.description,
    training: { options: original.options, epochs: original.epochs, bestEpoch: original.bestEpoch },
    verdict: work.verdict,
    engine: (await tensorEngine()).name,
    seconds: {
      training: original.seconds,
      preparation: answered.preparationSeconds,
      answer: answered.answer.cost.seconds,
      retrainings: retrained.map(({ seconds }) => seconds),
    },
    provenance: provenance(),
    files,
  };
}
