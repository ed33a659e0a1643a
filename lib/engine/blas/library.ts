import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { EngineError } from "../../core";
import { threadCount } from "../threads";
import { blasRemedy, manifestName, requireBlas } from "./locate";

/** A matrix as BLAS takes it: the length of a row in memory, and whether it is to be transposed. */
interface Operand {
  readonly values: Float32Array;
  readonly rowLength: number;
  readonly transposed: boolean;
}

/** OpenBLAS, loaded. */
export interface OpenBlas {
  /** Such as `0.3.34.0.0`. */
  readonly version: string;
  /** What it computes with on this processor, such as `SkylakeX`. */
  readonly core: string;
  readonly threads: number;
  /** out = op(a) op(b), or out += op(a) op(b); row-major, where the arrays lie. */
  sgemm(a: Operand, b: Operand, out: Float32Array, sizes: Sizes, accumulate: boolean): void;
}

interface Sizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Of npm's `koffi`, the parts we use. It passes the address of a typed array's own bytes. */
interface Koffi {
  load(path: string): { func(prototype: string): (...values: unknown[]) => unknown };
}

/** Its functions carry a prefix, so that they meet no other BLAS in the process. */
const prototypes = {
  gemm:
    "void scipy_cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha, " +
    "const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)",
  config: "const char *scipy_openblas_get_config()",
  core: "const char *scipy_openblas_get_corename()",
  setThreads: "void scipy_openblas_set_num_threads(int count)",
  threads: "int scipy_openblas_get_num_threads()",
};

const rowMajor = 101;
const asIs = 111;
const turned = 112;
/**
 * Multiplications of one product from which on several threads compute it. Threads wait for each other without sleep:
 * where something else takes a core, that costs milliseconds a product, which small ones can never win back.
 */
const worthThreads = 2 ** 24;

let loaded: OpenBlas | undefined;

/**
 * The installed OpenBLAS, loaded once.
 *
 * @throws EngineError when it is not installed, or does not load
 * @throws InvalidOptionError for a `RECSYS_THREADS` that is no number of threads
 */
export function openBlas(): OpenBlas {
  loaded ??= loadOpenBlas(requireBlas());
  return loaded;
}

/**
 * Loads the OpenBLAS of an installation.
 *
 * @throws EngineError when it is damaged
 * @example
 * const folder = findBlas();
 * if (folder !== undefined) loadOpenBlas(folder).core; // such as "Haswell": what it computes with on this processor
 */
export function loadOpenBlas(folder: string): OpenBlas {
  const threads = threadCount();
  const path = join(folder, requireWhole(folder));
  let call: Record<keyof typeof prototypes, (...values: unknown[]) => unknown>;
  try {
    const koffi = createRequire(join(folder, "package.json"))("koffi") as Koffi;
    const library = koffi.load(path);
    const functions = Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)] as const);
    call = Object.fromEntries(functions) as typeof call;
  } catch (cause) {
    const why = (cause as Error).message.split("\n")[0];
    throw new EngineError(`the blas engine does not load: ${why}`, { where: path, remedy: blasRemedy(), cause });
  }
  call.setThreads(threads);
  const have = call.threads() as number;
  let current = have;
  return {
    version: String(call.config()).split(" ")[1],
    core: String(call.core()),
    threads: have,
    sgemm(a, b, out, { rows, inner, columns }, accumulate) {
      const wanted = rows * inner * columns < worthThreads ? 1 : have;
      if (wanted !== current) call.setThreads(wanted);
      current = wanted;
      call.gemm(
        ...[rowMajor, a.transposed ? turned : asIs, b.transposed ? turned : asIs, rows, columns, inner, 1],
        ...[a.values, a.rowLength, b.values, b.rowLength, accumulate ? 1 : 0, out, columns],
      );
    },
  };
}

/**
 * Looks at the length of each file: loading one that was cut off ends the process.
 *
 * @returns the library's path in the folder
 */
function requireWhole(folder: string): string {
  const damaged = (where: string, cause?: unknown) =>
    new EngineError("the installed blas engine is damaged", { where, remedy: blasRemedy(), cause });
  let sizes: Readonly<Record<string, number>>;
  try {
    sizes = JSON.parse(readFileSync(join(folder, manifestName), "utf8")) as Record<string, number>;
  } catch (cause) {
    throw damaged(join(folder, manifestName), cause);
  }
  for (const [name, bytes] of Object.entries(sizes))
    if (statSync(join(folder, name), { throwIfNoEntry: false })?.size !== bytes) throw damaged(join(folder, name));
  const library = Object.keys(sizes).find((name) => name.includes("libscipy_openblas"));
  if (library === undefined) throw damaged(join(folder, manifestName));
  return library;
}
