import { Command } from "commander";
import { commandLine, redirectAnnouncements } from "../core";
import { runCommand, safeOutput } from "./terminal";

redirectAnnouncements((line) => console.error(line)); // stdout is for results

void new Command(commandLine("figures"))
  .configureOutput(safeOutput)
  .description(
    "Draw kept results for papers and slides, as SVG, PDF, PNG (300 dpi) and interactive HTML, with their tables as LaTeX, " +
      "CSV, Markdown and HTML, in figures/local/NAME.",
  )
  .argument("[names...]", "experiments, such as ifru-accuracy (default: all that are kept)")
  .option("--quiet", "no progress", false)
  .action((names: string[], options: { quiet: boolean }) =>
    runCommand(async () => {
      const { drawFigures } = await import("./draw-figures.js"); // `--help` does not wait for what drawing needs
      await drawFigures(names);
    }, options),
  )
  .parseAsync();
