import { createRequire } from "node:module";
import type ts from "@tslab/typescript-for-tslab";

/** The TypeScript compiler, loaded when it is first asked for: that takes .2 s, and most commands do without. */
export function typescriptCompiler(): typeof ts {
  return createRequire(__filename)("@tslab/typescript-for-tslab") as typeof ts;
}
