import type { ColumnChoice, ReadOptions } from "./read-options";

type Spelling = "code" | "flags" | "flags and columns" | "settings";
let spelling: Spelling = "code";

/**
 * How remedies spell options from now on: as TypeScript (`badRows: "drop"`, the default), as a command line's flags
 * (`--drop-bad-rows`), the same with columns in one (`--columns user=a,item=b`), or as an experiment's settings
 * (`--set read.badRows=drop`). A command sets it once, at its start.
 * @example
 * spellReadOptionsAs("flags"); // remedies say --delimiter instead of { delimiter }
 */
export function spellReadOptionsAs(chosen: Spelling): void {
  spelling = chosen;
}

/** Options as a person would give them, such as `quote: "none"` or `--quote none`. */
export function spelled(options: ReadOptions): string {
  if (spelling === "code") return asCode(options);
  return spelling === "settings" ? asSettings(options) : asFlags(options);
}

function asCode(options: ReadOptions): string {
  return Object.entries(options)
    .map(([name, value]) => (name === "columns" ? columnsAsCode(value as object) : `${name}: ${JSON.stringify(value)}`))
    .join(", ");
}

function columnsAsCode(columns: object): string {
  const inside = Object.entries(columns).map(([role, choice]) => `${role}: ${JSON.stringify(choice)}`);
  return `columns: { ${inside.join(", ")} }`;
}

function asSettings({ columns = {}, ...options }: ReadOptions): string {
  const named = Object.entries(columns).map(([role, choice]) => [role, choice ?? "none"] as const);
  const plain = Object.entries(options).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) => [name, one] as const),
  );
  return [...named, ...plain]
    .map(([name, value]) => `--set ${shellWord(`read.${name}=${String(value) === "\t" ? "tab" : String(value)}`)}`)
    .join(" ");
}

function asFlags(options: ReadOptions): string {
  return Object.entries(options)
    .flatMap(([name, value]) => flags(name, value))
    .join(" ");
}

function flags(name: string, value: unknown): string[] {
  if (name === "columns" && spelling === "flags and columns") {
    const pairs = Object.entries(value as Record<string, ColumnChoice>).map(
      ([role, choice]) => `${role}=${choice === null ? "none" : choice}`,
    );
    return [`--columns ${shellWord(pairs.join(","))}`];
  }
  if (name === "columns")
    return Object.entries(value as Record<string, ColumnChoice>).map(
      ([role, choice]) => `--${role} ${choice === null ? "none" : shellWord(String(choice))}`,
    );
  if (name === "badRows") return ["--drop-bad-rows"];
  if (name === "header") return [value === true ? "--header" : "--no-header"];
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return values.map((one) => `${flag} ${shellWord(String(one) === "\t" ? "tab" : String(one))}`);
}

function shellWord(word: string): string {
  return /^[\w.,:@%+=/-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
