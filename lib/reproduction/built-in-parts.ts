import { join } from "node:path";
import { libFolder } from "../core";
import { loadableFrom, type Parts, referenceMethods } from "../experiments";
import { joined } from "./join-parts";
import { ratingsParts } from "./ratings";
import { sessionsParts } from "./sessions";

/**
 * Everything this project's experiments are made of. A new part is a line in a task's tables, a new task a line here.
 */
export const builtInParts: Parts = loadableFrom(
  { path: join(libFolder(), "dist", "reproduction", "built-in-parts.js"), name: "builtInParts" },
  {
    tasks: joined("tasks", ratingsParts.tasks, sessionsParts.tasks),
    datasets: joined("datasets", ratingsParts.datasets, sessionsParts.datasets),
    backbones: joined("backbones", ratingsParts.backbones, sessionsParts.backbones),
    methods: joined("methods", referenceMethods, ratingsParts.methods, sessionsParts.methods),
    metrics: joined("metrics", ratingsParts.metrics, sessionsParts.metrics),
  },
);
