import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { libFolder } from "recsys-unlearning/core";

/** The areas of lib that can be imported as `recsys-unlearning/area`. */
export function builtAreas(): string[] {
  const built = join(libFolder(), "dist");
  return existsSync(built) ? readdirSync(built).filter((name) => existsSync(join(built, name, "index.d.ts"))) : [];
}

/** What comes before a cursor that stands in the name of an area, `"recsys-unlearning/fig`. */
const begun = /\b(?:from|import|require)\s*\(?\s*["']recsys-unlearning\/([\w-]*)$/;

/** The areas that can stand at a cursor, and how much of the name is there; `undefined` anywhere else. */
export function areasAt(before: string): { readonly typed: string; readonly areas: string[] } | undefined {
  const typed = begun.exec(before)?.[1];
  return typed === undefined ? undefined : { typed, areas: builtAreas().filter((name) => name.startsWith(typed)) };
}
