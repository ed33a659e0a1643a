import type { CpuProfile, ProfileNode } from "./sampler";

/** What the processor did for one part of the program. */
export interface Stage {
  /** An area of lib or of the kernel, the cells of a notebook, a package, or what Node does by itself. */
  readonly stage: string;
  readonly seconds: number;
  /** Of these, in WebAssembly. */
  readonly wasmSeconds: number;
  /** The function in which most of it was spent. */
  readonly hottest: string;
}

/** Where a thread was, and for how long. */
export interface StageTimes {
  /** The longest first. */
  readonly stages: readonly Stage[];
  /** Seconds in which it had nothing to do. */
  readonly waiting: number;
}

const garbage = "garbage collection";
const loading = "loading modules";
const node = "Node itself";
/** What looking costs, which is no part of what is looked at. */
const sampling = "sampling";

/** The area of a file of ours, whether it is built or not. */
const ownArea = /\b(lib|kernel|recsys-unlearning|recsys-unlearning-kernel)\/(?:dist\/)?([\w-]+)\//;
const ownPackages: Readonly<Record<string, string>> = {
  ...{ "recsys-unlearning": "lib", "recsys-unlearning-kernel": "kernel" },
};
const cellScript = /^cell\[/;
const ownSampler = /\bprofiling\/(?:sampler|hook)\.[jt]s$/;
const compiler = /[\\/]typescript[^\\/]*[\\/]|[\\/]snapshot[\\/]/;
const modulePackage = /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/;

/**
 * What a function belongs to; `undefined` for one that works for whoever called it. The code of a module that stands
 * outside of all functions runs once, because the module is loaded.
 */
function ownerOf({ functionName, url, lineNumber }: ProfileNode["callFrame"]): string | undefined {
  const path = url.replace("file://", "").replaceAll("\\", "/");
  if (functionName === "(garbage collector)") return garbage;
  if (ownSampler.test(path)) return sampling;
  if (path.startsWith("node:internal/modules/")) return loading;
  if (functionName === "" && lineNumber === 0 && !cellScript.test(path)) return undefined;
  if (cellScript.test(path)) return "cells";
  if (compiler.test(path)) return "TypeScript's compiler";
  const inPackages = path.lastIndexOf("/node_modules/");
  const [, folder, area] = ownArea.exec(path.slice(Math.max(0, inPackages))) ?? [];
  return area === undefined || area === "profiling" ? undefined : `${ownPackages[folder] ?? folder}/${area}`;
}

/** What nothing of ours has called. */
function ownerless({ url }: ProfileNode["callFrame"]): string {
  return modulePackage.exec(url.replaceAll("\\", "/"))?.[1] ?? node;
}

function nameOf({ functionName, url, lineNumber }: ProfileNode["callFrame"]): string {
  if (url === "" || functionName.startsWith("(")) return functionName.replace(/[()]/g, "");
  if (url.startsWith("wasm:")) return functionName;
  return `${functionName || "anonymous"} (${url.split(/[\\/]/).pop() ?? ""}:${lineNumber + 1})`;
}

interface Owned {
  readonly owner: string;
  /** Whether a function of ours or of Node is known to own it. */
  readonly isKnown: boolean;
}

/** The owner of each node: its own, else that of the function that called it. */
function ownersOf({ nodes }: CpuProfile): Map<number, Owned> {
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const owners = new Map<number, Owned>();
  const waiting: [number, Owned][] = nodes.length === 0 ? [] : [[nodes[0].id, { owner: node, isKnown: false }]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [id, before] = next;
    const found = byId.get(id);
    if (found === undefined) continue;
    const own = ownerOf(found.callFrame);
    const owned: Owned =
      own !== undefined
        ? { owner: own, isKnown: true }
        : before.isKnown
          ? before
          : { owner: ownerless(found.callFrame), isKnown: false };
    owners.set(id, owned);
    for (const child of found.children ?? []) waiting.push([child, owned]);
  }
  return owners;
}

/**
 * Adds up the samples of profiles by stage. Time in a library, in Node or in WebAssembly counts for the function of
 * ours that called it.
 *
 * @example
 * const stop = startSampling();
 * const model = await fitMf(train, valid);
 * stageTimes([stop()]).stages[0].stage; // "lib/training"
 */
export function stageTimes(profiles: readonly CpuProfile[]): StageTimes {
  const totals = new Map<string, { seconds: number; wasmSeconds: number; functions: Map<string, number> }>();
  let waiting = 0;
  for (const profile of profiles) {
    const owners = ownersOf(profile);
    const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    profile.samples?.forEach((id, i) => {
      const frame = frames.get(id);
      const seconds = Math.max(0, profile.timeDeltas?.[i] ?? 0) / 1e6; // clocks of cores differ
      if (frame === undefined) return;
      if (frame.functionName === "(idle)") return void (waiting += seconds);
      const stage = owners.get(id)?.owner ?? node;
      if (stage === sampling) return;
      const total = totals.get(stage) ?? { seconds: 0, wasmSeconds: 0, functions: new Map<string, number>() };
      totals.set(stage, total);
      total.seconds += seconds;
      if (frame.url.startsWith("wasm:")) total.wasmSeconds += seconds;
      const name = nameOf(frame);
      total.functions.set(name, (total.functions.get(name) ?? 0) + seconds);
    });
  }
  const stages = [...totals].map(([stage, { seconds, wasmSeconds, functions }]) => {
    const [[hottest]] = [...functions].sort(([, a], [, b]) => b - a);
    return { stage, seconds, wasmSeconds, hottest };
  });
  return { stages: stages.sort((a, b) => b.seconds - a.seconds), waiting };
}
