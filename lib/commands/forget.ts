import { Command, InvalidArgumentError as InvalidValue, Option } from "commander";
import { commandLine } from "../core";
import { spellReadOptionsAs } from "../data";
import type { ForgetFlags } from "./forget/flags";
import { runProgram } from "../profiling";
import { addLayoutFlags } from "./read-flags";
import { runCommand, safeOutput } from "./terminal";

/** An option that may be given again. */
function several(flags: string, meaning: string): Option {
  return new Option(flags, meaning).argParser((text, before: string[]) => [...before, text]).default([], "none");
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidValue("give a whole number from 0 on");
  return Number(text);
}

/** `user=member,item=2`: names, positions from 0, `none` or `-` for none. */
function columns(text: string): Record<string, string | number | null> {
  const pairs = text.split(",").map((pair) => /^(user|item|rating|time|event)=(.+)$/.exec(pair));
  if (pairs.some((pair) => pair === null)) throw new InvalidValue("write user=NAME,item=NAME,rating=NAME,time=NAME");
  const choice = (name: string) => (name === "-" || name === "none" ? null : /^\d+$/.test(name) ? Number(name) : name);
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], choice(pair?.[2] ?? "")]));
}

function number(text: string): number {
  if (text.trim() === "" || !Number.isFinite(Number(text))) throw new InvalidValue("give a number");
  return Number(text);
}

const program = addLayoutFlags(
  new Command(commandLine("forget"))
    .configureOutput(safeOutput)
    .description(
      "Trains a model on a dataset, forgets what is asked for, and says whether it is forgotten: a report, the model with " +
        "its ids, and a record of how it came about.",
    )
    .argument("<data>", "a file of ratings, or a dataset of the catalogue (npm run data -- list)")
    .addOption(several("--user <id>", "forget this user, by the file's own id; several: again"))
    .addOption(several("--item <id>", "forget this item; several: again"))
    .option("--users <file>", "forget the users of a file, one id a line")
    .option("--items <file>", "forget the items of a file, one id a line")
    .option("--rows <file>", "forget the user-item pairs of a file, read as a file of ratings is")
    .option("--from <date>", "forget rows from this day on, such as 2024-01-31 (UTC)")
    .option("--until <date>", "forget rows before this day")
    .addOption(new Option("--model <model>", "what is trained").choices(["mf", "lightgcn", "neural-mf"]).default("mf"))
    .option("--method <method>", "what forgets: ifru, scif, cau-mf, gradient-ascent, sisa, receraser, retrain", "ifru")
    .addOption(
      new Option("--columns <names>", "columns of an own file, such as user=member,item=film,rating=stars").argParser(
        columns,
      ),
    )
    .option("--negatives <ratio>", "for data without ratings: random items, rated 0, for each row of a user", number)
    .option("--damping <lambda>", "of IFRU (default: calibrated by retraining)", number)
    .option("--positive-above <rating>", "ratings above this are liked (default: told by the ratings)", number)
    .option("--epochs <n>", "the most epochs of a training (default: early stopping ends it)", whole)
    .option("--retrainings <n>", "how many retrainings it is held against", whole, 3)
    .option("--no-retrain", "none: quick, and what cannot be told then is said")
    .option("--titles <file>", "what items are called: a CSV whose first column is the id")
    .option("--title-column <name>", "its column of titles (default: the second)")
    .option("--seed <n>", "of split, training and methods", whole, 1024)
    .option("--out <dir>", "where the report goes (default: figures/local/forget, in the checkout)")
    .option("--json", "the verdict as JSON on stdout", false)
    .option("--quiet", "no progress", false),
).action((data: string, flags: ForgetFlags) =>
  // what computes is loaded when it is needed: --help is quick
  runCommand(async () => (await import("./forget/run.js")).forget(data, flags), flags),
);

spellReadOptionsAs("flags and columns");
void runProgram(program);
