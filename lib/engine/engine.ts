import { announce, recordEngine, requireOneOf } from "../core";
import { openBlas } from "./blas/library";
import { withOpenBlas } from "./blas/operations";
import { withChecks } from "./checks";
import type { EngineMemory } from "./memory";
import { requireNative } from "./native/locate";
import type { Operations } from "./operations";
import { referenceOperations } from "./reference";
import { loadSimdEngine } from "./simd";
import { ArrayWorkspace, type Workspace } from "./workspace";

/** Every engine, the one that needs nothing first. */
export const engineNames = ["wasm", "tensorflow", "blas", "cpu"] as const;

/**
 * What computes: our SIMD operations, their plain TypeScript form, TensorFlow for tensors beside the SIMD operations,
 * or OpenBLAS for the products of matrices among them.
 */
export type EngineName = (typeof engineNames)[number];

interface Engine {
  readonly name: EngineName;
  readonly operations: Operations;
  /** Where the operations' arrays live; `undefined` for ordinary arrays. */
  readonly memory: EngineMemory | undefined;
}

const meanings: Record<EngineName, () => string> = {
  wasm: () => "WebAssembly SIMD; the same seed gives the same bytes on every machine",
  cpu: () => "plain TypeScript, for checks: slow",
  tensorflow: () => "TensorFlow native for tensors, WebAssembly SIMD for closed forms",
  blas: () => `${blasInWords()}; bytes differ between machines`,
};

function blasInWords(): string {
  const { version, core, threads } = openBlas();
  return `OpenBLAS ${version} ${core}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

let chosen: Engine | undefined;

/** Chooses once, by `RECSYS_ENGINE` (auto, wasm, tensorflow, blas or cpu; auto is wasm), and says so. */
function engine(): Engine {
  if (chosen !== undefined) return chosen;
  const asked = requireOneOf("RECSYS_ENGINE", process.env["RECSYS_ENGINE"] || "auto", ["auto", ...engineNames]);
  chosen = start(asked === "auto" ? "wasm" : asked);
  announce(`engine: ${chosen.name} (${meanings[chosen.name]()})`);
  return chosen;
}

function start(name: EngineName): Engine {
  if (name === "tensorflow") requireNative();
  if (name === "cpu") return { name, operations: withChecks(referenceOperations), memory: undefined };
  const { operations, memory } = loadSimdEngine();
  if (name === "blas") {
    const faster = withOpenBlas(operations, memory);
    recordEngine(blasInWords());
    return { name, operations: withChecks(faster), memory };
  }
  return { name, operations: withChecks(operations), memory };
}

/**
 * The engine in use, which stands in every record.
 *
 * @throws InvalidOptionError for an unknown `RECSYS_ENGINE`, EngineError for one that is not installed
 * @example
 * engineName(); // "wasm" where nothing else was asked for
 */
export function engineName(): EngineName {
  return engine().name;
}

/**
 * The closed-form operations of the engine in use.
 *
 * @throws EngineError when they are not built
 * @example
 * const workspace = createWorkspace();
 * const [x, y] = [workspace.float32(3), workspace.float32(3)];
 * operations().axpy(2, x, y); // y += 2 x
 * workspace.dispose();
 */
export function operations(): Operations {
  return engine().operations;
}

/**
 * Room for arrays that the operations can work on. Dispose of it in a `finally`.
 *
 * @example
 * const workspace = createWorkspace();
 * try {
 *   const values = workspace.float32(100); // in the operations' own memory
 * } finally {
 *   workspace.dispose();
 * }
 */
export function createWorkspace(): Workspace {
  return new ArrayWorkspace(engine().memory);
}
