// npm run bench: one row for each thing a person waits for, beside its peer.
import { Command, Option } from "commander";
import type { Flags } from "./flags";

/** What is measured is loaded when it is: `--help` does not wait for it. */
const actions = () => import("./bench-actions.js");

const number = (name: string, text: string, fallback: number) =>
  new Option(name, text).default(fallback).argParser(Number);
const program = new Command("bench")
  .description("Measures what a person waits for, beside its peers in the same run.")
  .option(
    "--only <names>",
    "some rows, or areas (data, engine, ifru, kernel, libraries, sessions), separated by commas",
  )
  .option("--json", "print as JSON", false)
  .option(
    "--check",
    "fail when a ratio is above its limit for this kind of machine in bench/limits.json, or a wait above its goal",
    false,
  )
  .addOption(
    new Option("--keep", "write the rows to bench/results, of which npm run readme makes docs/speed.md")
      .default(false)
      .conflicts(["engines", "scale", "history", "waits"]),
  )
  .addOption(new Option("--history", "first, median and last ratio of each row over the runs here").default(false))
  .addOption(
    new Option("--engines", "the rows by each engine that is installed").default(false).conflicts(["check", "scale"]),
  )
  .addOption(
    new Option("--waits", "commands, imports, kernel, figure and notebooks of records: seconds, beside their goals")
      .default(false)
      .conflicts(["engines", "scale", "history"]),
  )
  .addOption(number("--rounds <count>", "--waits: how often each is measured; the shortest counts", 3))
  .addOption(new Option("--scale", "what the size of the data costs: made-up ratings, ever more").default(false))
  .addOption(number("--rows <count>", "--scale: rows of the largest data", 2e7))
  .addOption(number("--users <count>", "--scale: users of the largest data; fewer rows have fewer in proportion", 1e6))
  .addOption(number("--budget <seconds>", "--scale: no further size is begun that would go beyond", 1800))
  .action(async (flags: Flags) => (await actions()).run(flags));
program
  .command("kernels")
  .description("our kernel beside plain tslab, Deno's and ipykernel: conformance, speed, interrupts")
  .option("--json", "print {machine, rows, missed}", false)
  .action(async (options: { json: boolean }) => (await actions()).kernels(options));
program.parseAsync().catch(async (error: unknown) => {
  const { RecsysError } = await import("recsys-unlearning/core");
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
