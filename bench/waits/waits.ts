import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { didYouMean, inRepository, InvalidOptionError } from "recsys-unlearning/core";
import { kernelArgv } from "recsys-unlearning-kernel";
import { withKernel } from "../kernel/kernels";
import { runToEnd } from "./children";

/** Something a person waits for before anything is computed. */
export interface Wait {
  /** Its group and what it is of, such as `help data`. */
  readonly name: string;
  /** Seconds; `null` where none was set. */
  readonly goal: number | null;
  /** Whether it is long enough that one round tells. */
  readonly once: boolean;
  readonly run: () => Promise<void>;
}

const node = (...args: string[]) => runToEnd([process.execPath, ...args]);
const quick = { once: false };

/** What answers before it has anything to compute. */
const answerGoal = 0.3;
const kernelGoal = 1.2;
const notebookGoal = 5;

/** The commands of `package.json` that are ours, with the files that they start. */
function commandFiles(): ReadonlyMap<string, string> {
  const { scripts } = JSON.parse(readFileSync(inRepository("package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const found = Object.entries(scripts).flatMap(([name, script]) => {
    const file = /node (?:--\S+ )*((?:lib|kernel|bench)\/dist\/\S+\.js)$/.exec(script)?.[1];
    return file === undefined || unaided.includes(name) ? [] : [[name, inRepository(file)] as const];
  });
  return new Map(found);
}

/** They take no options: asked for help they would begin. */
const unaided = ["demo", "peers"];

function helps(): Wait[] {
  return [...commandFiles()].map(([name, file]) => ({
    ...{ ...quick, name: `help ${name}`, goal: answerGoal },
    run: () => node(file, "--help"),
  }));
}

function shows(): Wait[] {
  const experiment = inRepository("lib", "dist", "commands", "experiment.js");
  return ["ifru-time", "cau-main"].map((view) => ({
    ...{ ...quick, name: `show ${view}`, goal: answerGoal },
    run: () => node(experiment, "show", view, "--preset", "full"),
  }));
}

function imports(): Wait[] {
  const areas = readdirSync(inRepository("lib", "dist"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readdirSync(inRepository("lib", "dist", name)).includes("index.js"));
  return ["index.js", ...areas.map((area) => join(area, "index.js"))].map((file) => ({
    ...{ ...quick, name: `import ${file === "index.js" ? "all" : file.split(/[/\\]/)[0]}`, goal: null },
    run: () => node("-e", `require(${JSON.stringify(inRepository("lib", "dist", file))})`),
  }));
}

const kernelStart: Wait = {
  ...{ ...quick, name: "kernel start", goal: kernelGoal },
  run: () => withKernel(kernelArgv(), () => Promise.resolve()),
};

const firstFigure: Wait = {
  ...{ ...quick, name: "figure", goal: null },
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "bench-waits-"));
    const figures = inRepository("lib", "dist", "commands", "figures.js");
    try {
      await node(
        figures,
        "ifru-time-auc_ml-100k-mf",
        "--format",
        "svg",
        "--workers",
        "1",
        "--quiet",
        "--output-dir",
        folder,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Notebooks that show kept records, opened and run, and compared with what they show. */
function notebooks(): Wait[] {
  const command = inRepository("kernel", "dist", "commands", "notebooks.js");
  const files = ["ifru", "cau"].flatMap((folder) =>
    readdirSync(inRepository("notebooks", folder))
      .filter((name) => name.endsWith(".ipynb"))
      .sort()
      .map((name) => inRepository("notebooks", folder, name)),
  );
  return files.map((file) => ({
    name: `notebook ${relative(inRepository("notebooks"), file)
      .replace(/\\/g, "/")
      .replace(/\.ipynb$/, "")}`,
    ...{ goal: notebookGoal, once: true },
    run: () => node(command, file, "--check", "--quiet"),
  }));
}

/**
 * Those that were asked for; all, where nothing was.
 *
 * @param only names or groups (`help`, `show`, `import`, `kernel`, `figure`, `notebook`), separated by commas
 * @throws InvalidOptionError for a name there is not
 */
export function chosenWaits(only: string | undefined): readonly Wait[] {
  const all = [...helps(), ...shows(), kernelStart, ...imports(), firstFigure, ...notebooks()];
  if (only === undefined) return all;
  const groups = [...new Set(all.map(({ name }) => name.split(" ")[0]))];
  return only.split(",").flatMap((asked) => {
    const found = all.filter(({ name }) => name === asked || name.split(" ")[0] === asked);
    if (found.length > 0) return found;
    throw new InvalidOptionError(`there is no wait "${asked}"`, {
      remedy: didYouMean(asked, [...groups, ...all.map(({ name }) => name)]),
    });
  });
}
