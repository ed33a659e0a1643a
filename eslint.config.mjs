import js from "@eslint/js";
import ts from "typescript-eslint";

/**
 * The arrows of the design: what each area of lib may import. Everything is reached through an area's index.
 * `core` is open to all.
 */
const arrows = {
  core: [],
  data: [],
  engine: [],
  tables: [],
  models: ["data", "engine"],
  metrics: ["models", "data", "engine"],
  training: ["metrics", "models", "data", "engine"],
  ifru: ["training", "metrics", "models", "data", "engine"],
  cau: ["training", "metrics", "models", "data", "engine"],
  baselines: ["ifru", "cau", "training", "metrics", "models", "data", "engine"],
  experiments: ["training", "metrics", "tables"],
  figures: ["experiments", "training", "metrics", "tables"],
  reproduction: [
    "experiments",
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
  notebook: ["reproduction", "figures", "experiments", "metrics", "models", "data", "engine", "tables"],
};
const areas = Object.keys(arrows);
arrows.commands = areas.filter((area) => area !== "core");

const arrowRules = Object.entries(arrows).map(([area, allowed]) => {
  const forbidden = [...areas, "commands"].filter(
    (other) => other !== area && other !== "core" && !allowed.includes(other),
  );
  const patterns = [
    { regex: String.raw`^(\.\./)+(${areas.join("|")})/.+`, message: "Import an area through its index, not its files." },
  ];
  if (forbidden.length > 0)
    patterns.push({
      regex: String.raw`^(\.\./)+(${forbidden.join("|")})(/|$)`,
      message: `The design has no arrow from ${area} to this area.`,
    });
  return { files: [`lib/${area}/**/*.ts`], rules: { "no-restricted-imports": ["error", { patterns }] } };
});

export default ts.config(
  { ignores: ["**/dist/", "node_modules/", "lib/engine/assembly/", "docs/", "figures/", ".venv/", ".cache/"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    files: ["lib/**/*.ts", "kernel/**/*.ts", "bench/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["lib/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Use core's seeded random numbers." },
        { object: "Date", property: "now", message: "Use core's clock." },
      ],
    },
  },
  ...arrowRules,
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        setTimeout: "readonly",
        Buffer: "readonly",
        performance: "readonly",
        URL: "readonly",
      },
    },
  },
);
