import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { announce, commandLine, CorruptFileError, inRepository, NotFoundError, nowMs, RecsysError } from "../core";
import type { RequestStudy } from "../notebook";
import { runProgram } from "../profiling";
import { runCommand } from "./terminal";

const notebook = "00-start-here.ipynb";

interface DemoOptions {
  outputDir: string;
  quiet: boolean;
}

/** MovieLens-100K where it can be had, else the generated dataset, said aloud. */
async function chooseDataset(): Promise<string> {
  const { loadDataset } = await import("../data/index.js");
  try {
    return (await loadDataset("ml-100k")).name;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error; // damaged data and Ctrl-C are no reason to run on other data
    announce(`${error.name}: ${error.message}`);
    announce(
      "MovieLens-100K cannot be had here, so the demo runs on the GENERATED dataset: its numbers say nothing about MovieLens.",
    );
    return "generated";
  }
}

/** Executes the notebook in our kernel, in a process of its own, and passes its exit status on. */
async function executeNotebook(dataset: string, folder: string, quiet: boolean): Promise<void> {
  const runner = inRepository("kernel", "dist", "commands", "notebooks.js");
  const parameters = { datasetName: dataset, outputFolder: relative(inRepository(), folder) };
  const args = [runner, inRepository("notebooks", notebook), "--output-dir", folder];
  for (const [name, value] of Object.entries(parameters)) args.push("--parameter", `${name}=${JSON.stringify(value)}`);
  if (quiet) args.push("--quiet");
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  const status = await new Promise<number | null>((done, failed) => child.on("error", failed).on("exit", done));
  if (status !== 0)
    throw new RecsysError(`the notebook did not finish (status ${status})`, {
      where: join("notebooks", notebook),
      remedy: "the error of its cell is printed above",
    });
}

async function readResult(folder: string): Promise<RequestStudy> {
  const path = join(folder, "result.json");
  try {
    return JSON.parse(await readFile(path, "utf8")) as RequestStudy;
  } catch (cause) {
    throw new CorruptFileError("the notebook left no readable result", { where: path, cause });
  }
}

async function demo({ outputDir, quiet }: DemoOptions): Promise<void> {
  const start = nowMs();
  const folder = resolve(outputDir);
  const dataset = await chooseDataset();
  await executeNotebook(dataset, folder, quiet);
  const result = await readResult(folder);
  const { requestStageTable, requestStudyTable } = await import("../notebook/index.js"); // `--help` does not wait for it
  for (const table of [requestStudyTable(result), requestStageTable(result)])
    console.log(`\n${table.toText(process.stdout.isTTY)}`);
  console.log();
  console.log(`figures, table, result.json and the executed notebook: ${relative(process.cwd(), folder) || "."}`);
  console.log(`demo: ${((nowMs() - start) / 1000).toFixed(1)} s`);
}

const program = new Command(commandLine("demo"))
  .description(
    "Forget 2 % mislabelled interactions of MovieLens-100K, as well as retraining does and many times faster.",
  )
  .option(
    "--output-dir <dir>",
    "where figures, table, result.json and the executed notebook go",
    inRepository("figures", "local", "00-start-here"),
  )
  .option("--quiet", "no progress", false)
  .action((options: DemoOptions) => runCommand(() => demo(options), options));

void runProgram(program);
