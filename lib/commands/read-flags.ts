import type { Command } from "commander";
import { didYouMean, InvalidOptionError } from "../core";
import { type ColumnChoice, type ReadOptions, readOptionList } from "../data";

const columnFlags = {
  user: "users",
  item: "items",
  rating: "ratings",
  time: "times",
  event: "types of events",
} as const;
type Role = keyof typeof columnFlags;

/** Options that have flags of their own shape below. */
const special = ["columns", "header", "badRows"];

/** A column as a person writes it: a position from 0, a name, or `none` (or `-`); never null, which means no value. */
function column(text: string): ColumnChoice {
  return /^\d+$/.test(text) ? Number(text) : text;
}

const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Flags for every option of reading a file of one's own. */
export function addReadFlags(command: Command): Command {
  for (const [role, what] of Object.entries(columnFlags))
    command.option(`--${role} <column>`, `the column of the ${what}: its name, its position from 0, or none`, column);
  return addLayoutFlags(command);
}

/** The same flags without those of columns. */
export function addLayoutFlags(command: Command): Command {
  command.option("--header", "the first line names the columns").option("--no-header", "the first line holds data");
  for (const [name, { meaning, allowed }] of Object.entries(readOptionList.fields)) {
    if (special.includes(name)) continue;
    const words = allowed.includes(", ") ? ` (${allowed})` : "";
    command.option(`--${flagOf(name)} <value${isList(name) ? "..." : ""}>`, meaning.replaceAll("`", "") + words);
  }
  return command
    .option("--drop-bad-rows", "leave malformed rows out and count them")
    .option("--latin1", "short for --encoding latin1")
    .option("--milliseconds", "short for --time-unit milliseconds");
}

/** What the flags above give. */
export type ReadFlags = Readonly<Record<string, unknown>>;

function isList(name: string): boolean {
  return Array.isArray(readOptionList.fields[name as keyof ReadOptions].initial);
}

/** The options of `loadDataset` that some flags stand for. */
export function readOptionsOf(flags: ReadFlags): ReadOptions {
  const roles = Object.keys(columnFlags).filter((role) => flags[role] !== undefined) as Role[];
  const columns = Object.fromEntries(roles.map((role) => [role, flags[role] as ColumnChoice]));
  const plain = Object.keys(readOptionList.fields).filter(
    (name) => !special.includes(name) && flags[name] !== undefined,
  );
  return {
    ...Object.fromEntries(plain.map((name) => [name, valueOf(name, flags[name])])),
    ...(roles.length === 0 ? {} : { columns }),
    ...(flags["header"] === undefined ? {} : { header: flags["header"] as boolean | "auto" }),
    ...(flags["latin1"] === true ? { encoding: "latin1" } : {}),
    ...(flags["milliseconds"] === true ? { timeUnit: "milliseconds" } : {}),
    ...(flags["dropBadRows"] === true ? { badRows: "drop" } : {}),
  };
}

/**
 * The options of reading that settings such as `read.keep=first` and `read.user=member` stand for.
 *
 * @param settings without `read.`; events and missing may come again
 * @throws InvalidOptionError for one that there is not, with the nearest
 */
export function readSettingsOf(settings: readonly string[]): ReadOptions {
  const known = [
    ...Object.keys(columnFlags),
    ...Object.keys(readOptionList.fields).filter((name) => name !== "columns"),
  ];
  const flags: Record<string, unknown> = {};
  for (const setting of settings) {
    const at = setting.indexOf("=");
    const [name, value] = [setting.slice(0, Math.max(0, at)), setting.slice(at + 1)];
    if (!known.includes(name) || value === "")
      throw new InvalidOptionError(`reading has no "${name || setting}"`, {
        where: `--set read.${setting}`,
        remedy: value === "" || at < 1 ? "such as --set read.keep=first" : didYouMean(name, known),
      });
    if (name in columnFlags) flags[name] = column(value);
    else if (name === "header") flags[name] = value === "auto" ? value : value === "true";
    else if (name === "badRows") flags["dropBadRows"] = value === "drop";
    else flags[name] = isList(name) ? [...((flags[name] as string[] | undefined) ?? []), value] : value;
  }
  return readOptionsOf(flags);
}

function valueOf(name: string, value: unknown): unknown {
  if (name === "missing") return (value as string[]).map(Number);
  return name === "skipLines" ? Number(value) : value;
}
