import { readFile } from "node:fs/promises";
import { decodeTensors, encodeTensors, writeFileAtomic } from "../../../core";
import type { CaseOutputs } from "../../../audits";
import type { Prerequisite } from "../../../experiments";

const fileName = "outputs.safetensors";

/** What a run leaves: its outputs of every case. */
export function outputsFile(outputs: CaseOutputs): Record<string, (path: string) => Promise<void>> {
  const tensor = { shape: [outputs.length, outputs[0].length], values: joined(outputs) };
  const file = { tensors: new Map([["outputs", tensor]]), metadata: { kind: "outputs of cases" } };
  return { [fileName]: (path) => writeFileAtomic(path, encodeTensors(file)) };
}

/** The outputs that a run left. */
export async function readOutputs(run: Prerequisite): Promise<CaseOutputs> {
  const path = await run.file(fileName);
  const { shape, values } = decodeTensors(await readFile(path), path).tensors.get("outputs")!;
  return parted(values as Float32Array, shape[0]);
}

/** Outputs of some cases, one after another. */
export function joined(outputs: CaseOutputs): Float32Array {
  const width = outputs[0].length;
  const all = new Float32Array(outputs.length * width);
  outputs.forEach((values, k) => all.set(values, k * width));
  return all;
}

/** The reverse of `joined`. */
export function parted(values: Float32Array, cases: number): Float32Array[] {
  const width = values.length / cases;
  return Array.from({ length: cases }, (_, k) => values.slice(k * width, (k + 1) * width));
}
