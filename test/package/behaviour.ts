import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { readNotebook, type ResultOutput } from "recsys-unlearning-kernel";
import type { Project } from "./project";
import { long } from "../long";

const areas = ["core", "data", "engine", "experiments", "figures", "ifru", "models", "notebook", "training"];

const notebook = {
  cells: [
    'import { datasetCatalogue } from "recsys-unlearning/data";\nObject.keys(datasetCatalogue()).length > 0',
    'import * as ifru from "recsys-unlearning/ifru";\ntypeof ifru.ifru.unlearn',
    "process.cwd()",
  ].map((source, n) => ({ cell_type: "code", id: `c${n}`, execution_count: null, metadata: {}, outputs: [], source })),
  metadata: { kernelspec: { name: "recsys-unlearning", display_name: "TypeScript (recsys-unlearning)" } },
  nbformat: 4,
  nbformat_minor: 5,
};

/** What holds of the packages in any project, on any Node. */
export function itWorks(project: () => Project, node?: string): void {
  it("is imported by ECMAScript modules and by CommonJS", async () => {
    const list = `console.log(${areas.map((area) => `typeof ${area}`).join()}, Object.keys(datasetCatalogue()).length)`;
    const names = `{ ${areas.join(", ")} }`;
    project().write(
      "a.mjs",
      `import ${names} from "recsys-unlearning";
      import { datasetCatalogue } from "recsys-unlearning/data";\n${list};\n`,
    );
    project().write(
      "a.cjs",
      `const ${names} = require("recsys-unlearning");
      const { datasetCatalogue } = require("recsys-unlearning/data");\n${list};\n`,
    );
    for (const file of ["a.mjs", "a.cjs"]) {
      const { stdout, stderr } = await project().node([file], node);
      expect(stdout.trim(), stderr).toMatch(/^object( object){8} [1-9]\d*$/);
    }
  });

  it("has a command for data, engines and experiments, which keeps runs in the current folder and says so", async () => {
    const cli = (...args: string[]) => project().bin("recsys-unlearning", args, node);
    expect((await cli("--help")).stdout).toMatch(/data .*\n +engine .*\n +experiment .*\n +figures /);
    expect((await cli("dato")).stderr).toMatch(/no command "dato"[\s\S]*did you mean "data"/);
    expect((await cli("data", "list")).stdout).toMatch(/ml-100k/);
    expect((await cli("engine", "status")).stdout).toMatch(/in use here: wasm/);
    const chosen = ["ifru-accuracy", "--preset", "tiny", "--only", "method=ifru"];
    rmSync(project().path("runs"), { recursive: true, force: true }); // of another Node
    const missing = await cli("experiment", "show", ...chosen);
    expect(missing.stderr).toMatch(/npx recsys-unlearning experiment run ifru-accuracy/);
    expect(missing.stderr).toMatch(/a checkout has them in figures\/records/);
    const run = await cli("experiment", "run", ...chosen, "--workers", "2");
    expect(run.stdout, run.stderr).toMatch(/[1-9]\d* computed/);
    expect(run.stderr).toContain(`results are kept in ${project().root}`);
    expect((await cli("experiment", "show", ...chosen)).stdout).toMatch(/IFRU \(principled\) +0\.\d+/);
    const none = await cli("figures", "ifru-accuracy");
    expect(none.stderr).toMatch(/no records of ifru-accuracy are kept[\s\S]*npx recsys-unlearning experiment keep/);
  });

  it("says what to do where only a checkout will do", async () => {
    const { stderr } = await project().node(["-p", 'require("recsys-unlearning").core.inRepository("figures")'], node);
    expect(stderr).toMatch(/needs a checkout[\s\S]*remedy: clone the repository/);
    const html = await project().node(["-p", 'require("recsys-unlearning/notebook").danfo()'], node);
    expect(html.stderr).toMatch(/danfo\.js cannot be loaded[\s\S]*remedy: /);
  });

  long("starts a kernel whose cells import the package", async () => {
    project().write("notebooks/a.ipynb", JSON.stringify(notebook));
    const args = ["notebooks", "notebooks", "--json", "--quiet", "--output-dir", "done"];
    const { stdout, stderr, ok } = await project().bin("recsys-unlearning-kernel", args, node);
    expect(ok, stdout + stderr).toBe(true);
    const { cells } = await readNotebook(project().path("done", "a.ipynb"));
    const results = cells.map(({ outputs }) => (outputs?.[0] as ResultOutput).data["text/plain"]);
    expect(results).toEqual(["true", "function", "notebooks"]); // its own folder, stored without this machine's paths
  });

  it("installs a kernelspec that finds it again", async () => {
    const cli = (...args: string[]) =>
      project().bin("recsys-unlearning-kernel", ["kernel", ...args, "--prefix", project().path("prefix")], node);
    expect((await cli("install")).stdout).toContain(`use ${project().root}`);
    const launcher = project().path("prefix/share/jupyter/kernels/recsys-unlearning/launcher.js");
    expect((await project().node([launcher], node)).stderr).toMatch(
      /no connection file is given: --config-path CONNECTION_FILE/,
    );
    expect((await cli("uninstall")).stdout).toMatch(/removed/);
  });
}

/** The ways TypeScript finds packages: `module` and `moduleResolution`. */
export const resolutions = [
  { module: "nodenext", resolution: "nodenext" },
  { module: "esnext", resolution: "bundler" },
  { module: "commonjs", resolution: "node10" },
];

/** Compiles what somebody could write, as an ECMAScript module and as CommonJS where that makes a difference. */
export async function compiles(
  project: Project,
  { module, resolution }: (typeof resolutions)[number],
  skipLibCheck: boolean,
): Promise<void> {
  const files = resolution === "nodenext" ? ["consumer.mts", "consumer.cts"] : ["consumer.ts"];
  for (const file of files) project.copy(inRepository("test", "package", "consumer.fixture.ts"), file);
  const tsc = project.path("node_modules", "typescript", "bin", "tsc");
  const flags = { module, moduleResolution: resolution, skipLibCheck, target: "es2022", strict: true, noEmit: true };
  const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const { stdout, stderr } = await project.node([tsc, ...words, ...files]);
  expect(stdout + stderr).toBe("");
}
