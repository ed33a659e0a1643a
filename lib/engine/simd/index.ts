import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildRemedy, EngineError, InvalidArgumentError, libFolder } from "../../core";
import { EngineMemory } from "../memory";
import type { RawOperations } from "../operations";
import { endsOfPieces, type ThreadPool, threadPool } from "../threads";
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

/**
 * The closed-form operations on a memory of their own.
 *
 * @param pool the threads that compute them
 * @throws EngineError when they are not built
 * @throws InvalidOptionError for a `RECSYS_THREADS` that is no number of threads
 */
export function loadSimdEngine(pool: ThreadPool = threadPool()): SimdEngine {
  const memory = new EngineMemory();
  return { memory, operations: simdOperations(memory, pool) };
}

/**
 * The SIMD operations on some shared memory.
 *
 * @throws EngineError when they are not built
 * @throws InvalidOptionError for a `RECSYS_THREADS` that is no number of threads
 */
export function simdOperations(memory: SimdMemory, pool: ThreadPool = threadPool()): RawOperations {
  const modules = compiledModules();
  const imports = { env: { memory: memory.memory } };
  const instances = modules.map((module) => new WebAssembly.Instance(module, imports));
  const wasm = Object.assign({}, ...instances.map((instance) => instance.exports)) as SimdExports;
  const reserveScratch = () => memory.reserve(wasm.matMulScratchBytes());
  const scratch = reserveScratch();
  const engine = pool.attach({ memory: memory.memory, modules, wasm, scratch, reserveScratch });
  const module: SimdModule = {
    wasm,
    at(array) {
      if (memory.owns(array.buffer)) return array.byteOffset;
      throw new InvalidArgumentError(`an array of ${array.length} elements is not in the engine's memory`, {
        remedy: "make it with createWorkspace()",
      });
    },
    productLines: revectorizes ? 16 : 8,
    scratch,
    divide(work) {
      const ends = endsOfPieces(work, pool);
      if (ends.length === 1) return void wasm[work.operation](...work.arguments(0, work.count), scratch);
      const pieces = ends.map((end, n) => work.arguments(ends[n - 1] ?? 0, end - (ends[n - 1] ?? 0)));
      pool.run(engine, work.operation, pieces);
    },
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

let compiled: readonly WebAssembly.Module[] | undefined;

/** Compiled once: how V8 compiles is switched meanwhile, for all threads that there are. */
function compiledModules(): readonly WebAssembly.Module[] {
  compiled ??= [new WebAssembly.Module(built("operations.wasm")), compileRevectorized(built("products.wasm"))];
  return compiled;
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
