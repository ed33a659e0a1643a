import { Command } from "commander";
import { commandLine, redirectAnnouncements } from "../core";
import { runProgram } from "../profiling";
import type { FigureFlags } from "./figure-flags";
import { runCommand, safeOutput } from "./terminal";

redirectAnnouncements((line) => console.error(line)); // stdout is for results

const collect = (text: string, before: string[] = []): string[] => [...before, text];

const program = new Command(commandLine("figures"))
  .configureOutput(safeOutput)
  .description(
    "Draw kept results for papers and slides: figures as SVG, PDF, PNG and interactive HTML, tables as LaTeX, CSV, " +
      "Markdown and HTML, in figures/local/[VENUE/]VIEW. What is unchanged is left as it is.",
  )
  .argument(
    "[names...]",
    "experiments or names of --list, such as cau-main or cau-main-hit-u-at-10 (default: all kept); or plotly figures " +
      "saved as JSON, FILE.json, whose options are --format, --dpi, --output-dir and --browser",
  )
  .option("--list", "only name the figures and tables; `--list venues` names the venues", false)
  .option(
    "--venue <venue>",
    "size and type of acm-sigconf, acm-small, ieee, neurips, icml, iclr, aaai, cvpr, jmlr, tmlr, lncs, springer, " +
      "elsevier or usenix, or of your own (a JSON file or object); again for another",
    collect,
  )
  .option("--width <width>", "column, text, or inches such as 3.3in (default: the one that suits)")
  .option("--format <formats>", "of svg,pdf,png,html,tex,csv,md (default: all; with a venue pdf,tex)")
  .option("--dpi <n>", "of PNGs (default: 300)")
  .option("--output-dir <dir>", "write there instead")
  .option("--dataset <name>", "only this one: a name, a label or a word of one; again for another", collect)
  .option("--backbone <name>", "likewise", collect)
  .option("--method <name>", "likewise; Retrain stays what others are compared with", collect)
  .option("--metric <name>", "likewise, such as hit-u@10 or seconds", collect)
  .option("--seeds <numbers>", "only these, such as 1-3 or 5; again for others", collect)
  .option("--label <old=new>", "another label, wherever it stands; again for another", collect)
  .option("--order <name>", "first in rows or metrics; again for the next", collect)
  .option(
    "--palette <colours>",
    "okabe-ito, tol-bright, '#aabbcc,#ddeeff', or 'series=#aabbcc', again for another",
    collect,
  )
  .option("--marker <series=shape>", "such as 'SASRec=square'; again for another", collect)
  .option("--grey", "greys instead of colours")
  .option("--theme <theme>", "light, dark or transparent (default: light)")
  .option(
    "--font-family <font>",
    "of figures: a .ttf or .otf file, or venue, as the TeX of this machine has it (default: DejaVu Sans)",
  )
  .option("--facet <what>", "a panel for each dataset or backbone")
  .option("--decimals <n>", "in LaTeX; noise: two digits of the standard deviation (default: noise)")
  .option("--patch <file>", "a JSON merge patch (RFC 7386) of the vega-lite specification: the last word")
  .option("--browser", "plotly figures: drawn by plotly.js itself, in an installed Chromium or Chrome")
  .option("--from <file>", "what a figures.json says; further options hold for all of it")
  .option("--save <file>", "write a figures.json that makes the same again")
  .option("--reproducibility", "also reproducibility.tex: seeds, commits, machine, hours and data of what is drawn")
  .option("--workers <n>", "processes (default: one per core)")
  .option("--quiet", "no progress", false)
  .action((names: string[], flags: FigureFlags & { quiet: boolean }) =>
    runCommand(async () => {
      const { runFigures } = await import("./figure-flags.js"); // `--help` does not wait for what drawing needs
      await runFigures(names, flags);
    }, flags),
  );

void runProgram(program);
