import { requireNumber } from "recsys-unlearning/core";
import { markdownTable } from "../markdown";
import { childrensSeconds } from "./children";
import type { Wait } from "./waits";

/** One line of the table. */
export interface WaitRow {
  readonly name: string;
  /** By the clock, of the shortest round. */
  readonly seconds: number;
  /** What the processors worked in the round that they worked least; `null` where the system does not say. */
  readonly coreSeconds: number | null;
  readonly goal: number | null;
}

/** Measures one wait after another; of several rounds the shortest counts, since other work only makes them longer. */
export async function waitTable(
  waits: readonly Wait[],
  rounds: number,
  say: (line: string) => void,
): Promise<readonly WaitRow[]> {
  requireNumber("rounds", rounds, { min: 1, integer: true });
  const rows: WaitRow[] = [];
  for (const wait of waits) {
    say(`${wait.name} …`);
    const taken = [];
    for (let round = 0; round < (wait.once ? 1 : rounds); round++) taken.push(await measured(wait));
    const cores = taken.flatMap(({ coreSeconds }) => coreSeconds ?? []);
    rows.push({
      name: wait.name,
      seconds: Math.min(...taken.map(({ seconds }) => seconds)),
      coreSeconds: cores.length === 0 ? null : Math.min(...cores),
      goal: wait.goal,
    });
  }
  return rows;
}

async function measured({ run }: Wait): Promise<{ seconds: number; coreSeconds: number | null }> {
  const [before, start] = [childrensSeconds(), performance.now()];
  await run();
  const [after, seconds] = [childrensSeconds(), (performance.now() - start) / 1000];
  return { seconds, coreSeconds: before === null || after === null ? null : after - before };
}

/**
 * Whether a wait is above its goal on a machine that does nothing else: what the processors worked is no longer than
 * the clock there, unless work was done on several at once.
 */
export function isTooLong({ seconds, coreSeconds, goal }: WaitRow): boolean {
  return goal !== null && Math.min(seconds, coreSeconds ?? seconds) > goal;
}

/** As a failure says it. */
export function waitInWords({ seconds, coreSeconds, goal }: WaitRow): string {
  const core = coreSeconds === null ? "" : `, ${coreSeconds.toFixed(2)} s of a core`;
  return `${seconds.toFixed(2)} s${core}; the goal is ${goal} s`;
}

/** The rows as a table. */
export function waitsAsMarkdown(rows: readonly WaitRow[]): string {
  const lines = rows.map((row) => {
    const { name, seconds, coreSeconds, goal } = row;
    const kept = goal === null ? "" : isTooLong(row) ? "no" : "yes";
    return [name, seconds.toFixed(2), coreSeconds?.toFixed(2) ?? "–", goal === null ? "–" : String(goal), kept];
  });
  const head = ["wait", "s", "s of a core", "goal, s", "kept"];
  return `${markdownTable(head, "-:::-", lines)}\n\n${how}`;
}

const how =
  "Seconds by the clock, and what the processors worked for it, child processes with it. The shorter of both is held " +
  "to the goal: other work on the machine lengthens the first.";
