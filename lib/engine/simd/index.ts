import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildRemedy, EngineError, InvalidArgumentError, libFolder } from "../../core";
import { EngineMemory } from "../memory";
import type { RawOperations } from "../operations";
import { simdAdam } from "./adam";
import { simdMatrix } from "./matrix";
import { simdMf } from "./mf";
import type { SimdExports, SimdMemory, SimdModule } from "./module";
import { simdNetwork } from "./network";
import { compileRevectorized, revectorizes } from "./revectorize";
import { simdVector } from "./vector";

export type { SimdMemory } from "./module";

/** The SIMD operations and the memory they work on. */
export interface SimdEngine {
  readonly memory: EngineMemory;
  readonly operations: RawOperations;
}

/** The closed-form operations on a memory of their own. @throws EngineError when they are not built */
export function loadSimdEngine(): SimdEngine {
  const memory = new EngineMemory();
  return { memory, operations: simdOperations("shared", memory) };
}

/**
 * The SIMD operations on some memory.
 *
 * @param form how the module was compiled: for a `shared` memory, or for one that is not (a tensor backend's `heap`)
 * @throws EngineError when they are not built
 */
export function simdOperations(form: "shared" | "heap", memory: SimdMemory): RawOperations {
  const exportsOf = (module: WebAssembly.Module) =>
    new WebAssembly.Instance(module, { env: { memory: memory.memory } }).exports as unknown as SimdExports;
  const wasm = {
    ...exportsOf(new WebAssembly.Module(built(`operations.${form}.wasm`))),
    ...exportsOf(compileRevectorized(built(`products.${form}.wasm`))),
  };
  const module: SimdModule = {
    wasm,
    at(array) {
      if (memory.owns(array.buffer)) return array.byteOffset;
      throw new InvalidArgumentError(`an array of ${array.length} elements is not in the engine's memory`, {
        remedy: "make it with createWorkspace()",
      });
    },
    productLines: revectorizes ? 16 : 8,
    scratch: memory.reserve(wasm.matMulScratchBytes()), // now: later it might move the memory under someone's views
  };
  return {
    ...simdVector(module),
    ...simdMatrix(module),
    ...simdMf(module),
    ...simdAdam(module),
    ...simdNetwork(module),
    largestId: (ids) => wasm.largestId(module.at(ids), ids.length) >>> 0,
  };
}

/** A module that `npm run build` made of `lib/engine/assembly`. */
function built(file: string): Uint8Array {
  const path = join(libFolder(), "dist", "engine", file);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new EngineError("the WebAssembly operations are not built", { where: path, remedy: buildRemedy(), cause });
  }
}
