import type { z } from "zod";
import { type ErrorDetails, InvalidArgumentError, type InvalidDataError } from "./errors";
import { didYouMean } from "./options";

/**
 * A value as a schema has it.
 *
 * @param where the file or flag it comes from
 * @param Refusal Default: `InvalidArgumentError`; `InvalidDataError` for what a file holds
 * @throws Refusal for the first thing that is wrong: the key, where it stands, and what would be right
 * @example
 * const { bound } = parsedBy(schema, JSON.parse('{ "bound": 1 }'), "claims.json");
 */
export function parsedBy<T>(
  schema: z.ZodType<T>,
  value: unknown,
  where: string,
  Refusal: new (
    message: string,
    details: ErrorDetails,
  ) => InvalidArgumentError | InvalidDataError = InvalidArgumentError,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues.flatMap(deepest);
  const path = issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const here = path === "" ? where : `${where}: ${path.replace(/^\./, "")}`;
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    throw new Refusal(`there is no key "${issue.keys[0]}"`, {
      where: here,
      remedy: didYouMean(issue.keys[0], known),
    });
  }
  throw new Refusal(`this value cannot be used: ${inWords(valueAt(value, issue.path))}`, {
    where: here,
    remedy: issue.message,
  });
}

type Issue = z.core.$ZodIssue;

/** Of a choice of several forms, what is wrong with the form that comes nearest: the one that gets deepest. */
function deepest(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const inner = issue.errors.map((issues) => issues.flatMap(deepest)).filter((issues) => issues.length > 0);
  const depth = ([first]: Issue[]) => first.path.length + (first.code === "unrecognized_keys" ? 1 : 0);
  const [nearest] = inner.sort((a, b) => depth(b) - depth(a));
  if (nearest === undefined || depth(nearest) === 0) {
    return [issue];
  }
  return [{ ...nearest[0], path: [...issue.path, ...nearest[0].path] }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function inWords(value: unknown): string {
  return value === undefined ? "it is missing" : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

/** The keys that an object of a schema may have, at a path into it. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const key of [...path, undefined]) {
    here = unwrapped(here);
    if (key === undefined) break;
    const { shape, element } = here as { shape?: Record<PropertyKey, unknown>; element?: unknown };
    here = shape?.[key] ?? element;
  }
  return Object.keys((here as { shape?: object } | undefined)?.shape ?? {});
}

/** A schema without what makes it optional. */
function unwrapped(schema: unknown): unknown {
  const { unwrap } = (schema ?? {}) as { unwrap?: () => unknown };
  return typeof unwrap === "function" && !("element" in (schema as object))
    ? unwrapped((schema as { unwrap(): unknown }).unwrap())
    : schema;
}
