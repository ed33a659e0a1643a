import { createHash } from "node:crypto";
import ts from "@tslab/typescript-for-tslab";
import type { Notebook } from "../notebook/notebook-file";
import { roleOf } from "./cell-metadata";

/** Two submissions whose code has nearly the same structure. */
export interface NearCopy {
  readonly students: readonly [string, string];
  /** Fingerprints in common, over those of the smaller submission; from 0 to 1. */
  readonly overlap: number;
  readonly shared: number;
}

/** How many tokens a fingerprint is of, and of how many neighbouring ones one is kept. */
const tokensEach = 14;
const windowSize = 6;
/** What more of the class than this has in common is how the problem is solved, not a copy. */
const commonShare = 0.25;
const commonAtLeast = 5;
const flagFrom = 0.8;
const fewest = 12;
/** Of so much code, so large a part alike is no accident, however many have it. */
const longAtLeast = 40;
const sameFrom = 0.97;

/**
 * Pairs of submissions for a person to look at, the likest first. Compared is the structure of the code that students
 * wrote: names and literals count as alike, comments and space not at all. The fingerprints are those of winnowing
 * (Schleimer, Wilkerson and Aiken, SIGMOD 2003). Likeness proves nothing: short solutions resemble each other. What
 * many have in common counts only where long code is the same throughout.
 *
 * @param released what was handed out, which everybody has
 */
export function nearCopies(submissions: ReadonlyMap<string, Notebook>, released: Notebook): NearCopy[] {
  const given = fingerprints(codeOf(released));
  const prints = new Map([...submissions].map(([student, notebook]) => [student, fingerprints(codeOf(notebook))]));
  const holders = new Map<string, string[]>();
  for (const [student, theirs] of prints)
    for (const print of theirs) if (!given.has(print)) holders.set(print, [...(holders.get(print) ?? []), student]);
  const limit = Math.max(commonAtLeast, commonShare * prints.size);
  const [own, shared] = [new Map<string, number>(), new Map<string, number>()];
  for (const students of holders.values()) {
    if (students.length > limit) continue;
    for (const [index, one] of students.entries()) {
      own.set(one, (own.get(one) ?? 0) + 1);
      for (const other of students.slice(index + 1)) {
        const pair = JSON.stringify([one, other]);
        shared.set(pair, (shared.get(pair) ?? 0) + 1);
      }
    }
  }
  const found = new Map<string, NearCopy>();
  for (const copy of wholeCopies(prints, given)) found.set(JSON.stringify(copy.students), copy);
  for (const [pair, count] of shared) {
    const copy = nearCopy(JSON.parse(pair) as [string, string], count, own);
    if (copy.overlap >= flagFrom && count >= fewest && !found.has(pair)) found.set(pair, copy);
  }
  return [...found.values()].sort((a, b) => b.overlap - a.overlap || b.shared - a.shared);
}

/** Pairs whose code is the same throughout, whoever else has it: half a class may have one source. */
function wholeCopies(prints: ReadonlyMap<string, ReadonlySet<string>>, given: ReadonlySet<string>): NearCopy[] {
  const own = [...prints]
    .map(([student, theirs]) => ({ student, theirs: [...theirs].filter((print) => !given.has(print)) }))
    .filter(({ theirs }) => theirs.length >= longAtLeast);
  const sets = new Map(own.map(({ student, theirs }) => [student, new Set(theirs)]));
  return own.flatMap((one, index) =>
    own.slice(index + 1).flatMap((other): NearCopy[] => {
      const most = Math.max(one.theirs.length, other.theirs.length);
      if (Math.min(one.theirs.length, other.theirs.length) < sameFrom * most) return [];
      const common = one.theirs.filter((print) => sets.get(other.student)?.has(print) === true).length;
      const overlap = common / most;
      return overlap < sameFrom ? [] : [{ students: [one.student, other.student], shared: common, overlap }];
    }),
  );
}

function nearCopy(students: [string, string], shared: number, own: ReadonlyMap<string, number>): NearCopy {
  const smaller = Math.min(...students.map((student) => own.get(student) ?? 0));
  return { students, shared, overlap: smaller === 0 ? 0 : shared / smaller };
}

/** The code that a student has written or could have. */
function codeOf({ cells }: Notebook): string {
  const theirs = cells.filter((cell) => cell.cell_type === "code" && roleOf(cell)?.locked !== true);
  return theirs.map(({ source }) => source).join("\n;\n");
}

const maxTokens = 50_000;

/** The winnowed fingerprints of code. */
function fingerprints(code: string): Set<string> {
  const tokens = tokensOf(code);
  const hashes: string[] = [];
  for (let i = 0; i + tokensEach <= tokens.length; i++)
    hashes.push(
      createHash("md5")
        .update(tokens.slice(i, i + tokensEach).join(" "))
        .digest("hex")
        .slice(0, 12),
    );
  const kept = new Set<string>();
  for (let i = 0; i + windowSize <= hashes.length; i++) {
    let smallest = hashes[i];
    for (let j = i + 1; j < i + windowSize; j++) if (hashes[j] < smallest) smallest = hashes[j];
    kept.add(smallest);
  }
  return kept;
}

/** Kinds of tokens: `n` for names, `l` for literals, the token itself for words and signs of the language. */
function tokensOf(code: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, code);
  const tokens: string[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.Identifier) tokens.push("n");
    else if (kind >= ts.SyntaxKind.FirstLiteralToken && kind <= ts.SyntaxKind.LastTemplateToken) tokens.push("l");
    else tokens.push(String(kind));
    if (tokens.length >= maxTokens) break;
  }
  return tokens;
}
