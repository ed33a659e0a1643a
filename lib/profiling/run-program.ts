import type { Command } from "commander";

/**
 * Runs a command line of ours; every one of its commands takes `--profile`, which prints where the time went.
 *
 * @param program with all its commands and actions
 * @example
 * import { Command } from "commander";
 *
 * void runProgram(new Command("npm run own --").action(() => console.log("done")));
 */
export async function runProgram(program: Command): Promise<void> {
  const commands = program.commands.length === 0 ? [program] : program.commands;
  for (const command of commands) command.option("--profile", "print where the time went", false);
  const args = process.argv.slice(2);
  const isAsked = args.includes("--profile") && !args.includes("--help") && !args.includes("-h");
  if (!isAsked) return void (await program.parseAsync());
  const { runProfiled } = await import("./profiled-command.js");
  await runProfiled();
}
