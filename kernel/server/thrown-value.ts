import { parse } from "node:path";
import { types } from "node:util";
import { cutText, inspectValue, peek } from "./inspection";

/** What can be known of a thrown value, whatever it does when it is looked at. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  /** Where a file that cannot be parsed fails: path with line, the line, and a mark below it. */
  readonly place: readonly string[];
  /** `    at …`, already in terms of the sources. */
  readonly frames: readonly string[];
  /** Whether it is one of lib's own, whose message says what is wrong and what to do. */
  readonly isOurs: boolean;
  /** The error's own further properties, as Node shows them; empty where there are none. */
  readonly extra: string;
  readonly cause: unknown;
  /** Those of an `AggregateError`. */
  readonly errors: readonly unknown[];
}

const maxFrames = 50;
const maxNameLength = 200;
const maxErrors = 100;

/** The thrown value as an error, or `undefined` for other values. */
export function readError(value: unknown): ThrownError | undefined {
  if (!isError(value)) return undefined;
  const name = nameOf(value);
  const message = messageOf(value);
  const stack = peek(value, "stack");
  const lines = typeof stack === "string" ? stack.split("\n") : [];
  const frames = lines.filter((line) => /^ {4}at /.test(line)).slice(0, maxFrames);
  const errors = peek(value, "errors");
  return {
    name,
    message,
    place: placeOf(lines, frames),
    frames,
    isOurs: isOurs(value),
    extra: extraOf(value),
    cause: peek(value, "cause"),
    errors: Array.isArray(errors) && !types.isProxy(errors) ? (errors as unknown[]).slice(0, maxErrors) : [],
  };
}

/** Also errors of other contexts, and the DOM exceptions that Node throws, which are no native errors. */
function isError(value: unknown): value is Error {
  if (types.isProxy(value)) return false;
  if (types.isNativeError(value)) return true;
  try {
    return value instanceof Error || value instanceof DOMException;
  } catch {
    return false;
  }
}

function nameOf(error: Error): string {
  const name = peek(error, "name");
  const shown = typeof name === "string" && name !== "" ? name : peek(peek(error, "constructor"), "name");
  return typeof shown === "string" && shown !== "" ? cutText(shown, { characters: maxNameLength }) : "Error";
}

function messageOf(error: Error): string {
  const message = peek(error, "message");
  if (message === undefined) return "";
  const text = typeof message === "string" ? message : inspectValue(message);
  // Node's list of the files that required a missing module says nothing of cells.
  return cutText(text.replace(/\nRequire stack:[\s\S]*$/, ""));
}

/**
 * Node puts the offending place before the stack; where the file runs already, the frames say it better, in terms of
 * the sources.
 */
function placeOf(lines: readonly string[], frames: readonly string[]): string[] {
  const [, file] = /^(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/]).*):\d+$/.exec(lines[0] ?? "") ?? [];
  if (file === undefined || frames[0]?.includes(parse(file).name) === true) return [];
  const end = lines.indexOf("");
  return end < 0 ? [] : lines.slice(0, end).map((line) => cutText(line, { characters: 1000 }));
}

function isOurs(error: Error): boolean {
  return "where" in error && "remedy" in error;
}

const shownElsewhere = new Set(["name", "message", "stack", "cause", "errors", "requireStack"]);

function extraOf(error: Error): string {
  try {
    const own = Object.entries(Object.getOwnPropertyDescriptors(error));
    const extra = own.filter(([key, { enumerable }]) => enumerable === true && !shownElsewhere.has(key));
    // What our own errors say is in their messages.
    const kept = isOurs(error) ? extra.filter(([key]) => key !== "where" && key !== "remedy") : extra;
    if (kept.length === 0) return "";
    return inspectValue(Object.defineProperties({}, Object.fromEntries(kept)));
  } catch {
    return "";
  }
}
