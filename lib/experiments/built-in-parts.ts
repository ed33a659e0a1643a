import { backbones } from "./backbones";
import { datasets } from "./datasets";
import { methods } from "./methods";
import { metrics } from "./metrics";
import type { Parts } from "./parts";

/** Everything this project's experiments are made of. A new part is a line in one of these tables. */
export const builtInParts: Parts = { datasets, backbones, methods, metrics };
