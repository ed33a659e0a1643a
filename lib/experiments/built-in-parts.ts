import { referenceMethods } from "./reference-methods";
import type { Parts } from "./parts";
import { ratingsParts } from "./ratings";

/** Everything this project's experiments are made of. A new part is a line in a task's tables, a new task a line here. */
export const builtInParts: Parts = {
  tasks: { ...ratingsParts.tasks },
  datasets: { ...ratingsParts.datasets },
  backbones: { ...ratingsParts.backbones },
  methods: { ...referenceMethods, ...ratingsParts.methods },
  metrics: { ...ratingsParts.metrics },
};
