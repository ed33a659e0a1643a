import js from "@eslint/js";
import ts from "typescript-eslint";
import { arrows } from "./scripts/arrows.mjs";

const areas = Object.keys(arrows).filter((area) => area !== "commands");

const arrowRules = Object.entries(arrows).map(([area, allowed]) => {
  const forbidden = [...areas, "commands"].filter(
    (other) => other !== area && other !== "core" && !allowed.includes(other),
  );
  const patterns = [
    {
      regex: String.raw`^(\.\./)+(${areas.join("|")})/.+`,
      message: "Import an area through its index, not its files.",
    },
  ];
  if (forbidden.length > 0)
    patterns.push({
      regex: String.raw`^(\.\./)+(${forbidden.join("|")})(/|$)`,
      message: `The design has no arrow from ${area} to this area.`,
    });
  return { files: [`lib/${area}/**/*.ts`], rules: { "no-restricted-imports": ["error", { patterns }] } };
});

export default ts.config(
  { ignores: ["**/dist/", "node_modules/", "**/engine/assembly/", "docs/api/", "figures/", ".venv/", ".cache/"] },
  { ignores: ["notebooks/course/{release,submitted,autograded,feedback,results}/"] },
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
      // names the type of a list of options, so that hovers and pages show the name
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      // Lines of comments; prettier sees to lines of code.
      "max-len": ["error", { comments: 120, code: 1000, ignoreUrls: true, ignorePattern: "eslint-disable" }],
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
