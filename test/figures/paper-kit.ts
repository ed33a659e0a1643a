import { readFileSync } from "node:fs";
import { inRepository } from "recsys-unlearning/core";

/** The documents of figures/paper, by the venue whose class they have. */
export const documents = { "acm-sigconf": "acm", ieee: "ieee" } as const;

export type KitVenue = keyof typeof documents;

export const kitFile = (file: string): string => readFileSync(inRepository("figures", "paper", file), "utf8");

/** The files below `made/` that a document includes, without their extension. */
export function includedBy(venue: KitVenue): { readonly figures: string[]; readonly tables: string[] } {
  const text = kitFile(`${documents[venue]}.tex`);
  const named = (command: string) =>
    [...text.matchAll(new RegExp(`\\\\${command}\\{\\\\made/([^}]+)\\}`, "g"))].map(([, path]) => `${venue}/${path}`);
  return { figures: named("includegraphics"), tables: named("input") };
}
