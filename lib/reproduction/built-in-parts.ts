import { referenceMethods } from "../experiments/running/reference-methods";
import type { Parts } from "../experiments/config/parts";
import { ratingsParts } from "./ratings";
import { sessionsParts } from "./sessions";

/** Everything this project's experiments are made of. A new part is a line in a task's tables, a new task a line here. */
export const builtInParts: Parts = {
  tasks: { ...ratingsParts.tasks, ...sessionsParts.tasks },
  datasets: { ...ratingsParts.datasets, ...sessionsParts.datasets },
  backbones: { ...ratingsParts.backbones, ...sessionsParts.backbones },
  methods: { ...referenceMethods, ...ratingsParts.methods, ...sessionsParts.methods },
  metrics: { ...ratingsParts.metrics, ...sessionsParts.metrics },
};
