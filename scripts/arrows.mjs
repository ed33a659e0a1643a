/**
 * The arrows of the design: what each area of lib may import. Everything is reached through an area's index.
 * `core` is open to all. `eslint.config.mjs` makes the rule of it, `draw-architecture.mjs` the picture.
 */
export const arrows = {
  core: [],
  data: [],
  engine: [],
  tables: [],
  profiling: ["tables"],
  models: ["data", "engine"],
  metrics: ["models", "data", "engine"],
  training: ["metrics", "models", "data", "engine"],
  recommendations: ["metrics", "models", "data", "engine", "tables"],
  ifru: ["training", "metrics", "models", "data", "engine"],
  cau: ["training", "metrics", "models", "data", "engine"],
  baselines: ["ifru", "cau", "training", "metrics", "models", "data", "engine"],
  audits: ["recommendations", "training", "metrics", "models", "data", "tables"],
  experiments: ["training", "metrics", "tables"],
  figures: ["experiments", "training", "metrics", "tables"],
  reproduction: [
    "experiments",
    "audits",
    "baselines",
    "ifru",
    "cau",
    "training",
    "metrics",
    "models",
    "data",
    "engine",
    "tables",
  ],
  notebook: [
    "audits",
    "reproduction",
    "figures",
    "experiments",
    "metrics",
    "models",
    "data",
    "engine",
    "tables",
    "profiling",
  ],
};

arrows.commands = Object.keys(arrows).filter((area) => area !== "core");
