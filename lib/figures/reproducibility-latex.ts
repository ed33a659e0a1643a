import { provenance, sha256 } from "../core";
import { escapeLatex } from "../tables";
import type { ExportedFile } from "./export";
import type { Reproducibility, Shared } from "./reproducibility";

/**
 * A paper's paragraph about how its results were computed, as LaTeX: a command for each fact, such as `\reproHours`,
 * and `\reproducibility`, which is the paragraph. The same facts give the same bytes.
 *
 * In the paper stand `\input{made/reproducibility}` before the document begins, and `\reproducibility` in a section.
 *
 * @example
 * const { result } = await experiment("ifru-time");
 * const facts = reproducibilityOf([selectResult(result, builtInParts, {})], builtInParts);
 * await writeFileAtomic("made/reproducibility.tex", reproducibilityLatex(facts));
 */
export function reproducibilityLatex(facts: Reproducibility): string {
  const commands = Object.entries(factsInWords(facts)).map(([name, text]) => `\\newcommand{\\repro${name}}{${text}}`);
  const paragraph = [
    "% As a paragraph: \\reproducibility. It may need room between words, so that no hash runs into the margin.",
    "\\newcommand{\\reproducibility}{{\\sloppy",
    ...sentences(facts).map((line) => `  ${line}`),
    "  \\par}}",
  ];
  return [...comments(facts), ...commands, ...paragraph, ""].join("\n");
}

/**
 * `reproducibility.tex`, and `reproducibility.json` with what it was made from.
 *
 * @example
 * const { result } = await experiment("ifru-time");
 * const facts = reproducibilityOf([selectResult(result, builtInParts, {})], builtInParts);
 * await writeExports("made", reproducibilityFiles(facts, "my script"));
 */
export function reproducibilityFiles(facts: Reproducibility, command: string): ExportedFile[] {
  const latex = Buffer.from(reproducibilityLatex(facts));
  const files = { "reproducibility.tex": sha256(latex) };
  const sidecar = { name: "reproducibility", kind: "paragraph", command, facts, files, provenance: provenance() };
  return [
    { file: "reproducibility.tex", content: latex },
    { file: "reproducibility.json", content: Buffer.from(JSON.stringify(sidecar, null, 2) + "\n") },
  ];
}

/** Hashes in full, for who reads the source. */
function comments({ experiments, data, commits }: Reproducibility): string[] {
  return [
    "% How the results were computed, made from their records by: npm run figures -- --reproducibility",
    `% of ${experiments.join(", ")}; reproducibility.json has all of it`,
    ...data.map(({ labels, sha256: hash }) => `% data ${escapeLatex(labels.join(", "))}: sha256 ${hash}`),
    ...commits.map(({ value, runs }) => `% commit ${value ?? "unknown"}, runs: ${runs}`),
  ];
}

/** Each fact by the end of its command's name. */
function factsInWords(facts: Reproducibility): Record<string, string> {
  const { software, seedsPerRow } = facts;
  return {
    Experiments: inList(facts.experiments.map(typewriter)),
    Runs: whole(facts.runs),
    Seeds: seedsInWords(facts.seeds),
    SeedsPerRow: rangeInWords(...seedsPerRow),
    Software: `${escapeLatex(software.name)} ${escapeLatex(software.version)}`,
    Engine: inList(facts.engines.map(escapeLatex)),
    Node: sharedInWords(facts.nodes, (version) => escapeLatex(version.replace(/^v/, ""))),
    Machine: sharedInWords(facts.machines, ({ cpu, cores, platform }) =>
      escapeLatex(`${cpu.trim()} with ${cores} cores, ${platform}`),
    ),
    CommitCount: whole(facts.commits.length),
    Commits: commitsInWords(facts),
    Uncommitted: whole(facts.uncommitted),
    CodeVersionCount: whole(facts.codeVersions.length),
    HeldToLaterCode: whole(facts.heldToLaterCode),
    Hours: hours(facts.seconds),
    PreparationHours: hours(facts.preparationSeconds),
    Data: inList(facts.data.map(({ labels, sha256: hash }) => `${inList(labels.map(escapeLatex))} ${short(hash, 12)}`)),
  };
}

function sentences({ commits, uncommitted, heldToLaterCode, preparationSeconds }: Reproducibility): string[] {
  const prepared = ", \\reproPreparationHours{} of them for preparations that serve every request";
  return [
    "The figures and tables show \\reproRuns{} runs of the experiments \\reproExperiments{}.",
    "Their seeds are \\reproSeeds{}; a row is over \\reproSeedsPerRow{} of them.",
    "They were computed by \\reproSoftware{} with the engine \\reproEngine{}",
    "on Node \\reproNode{} (\\reproMachine{}).",
    `The code is that of the commit${commits.length === 1 ? "" : "s"} \\reproCommits{}.`,
    ...(uncommitted === 0 ? [] : ["For \\reproUncommitted{} of the runs it had changes that were not committed."]),
    ...(heldToLaterCode === 0
      ? []
      : [
          "The results of \\reproHeldToLaterCode{} runs were held to later code, which computed a sample of them anew.",
        ]),
    `The runs took \\reproHours{} hours of computing one after another${preparationSeconds === 0 ? "" : prepared}.`,
    "This leaves out reading data, final evaluation, searches for settings, runs that failed or were replaced,",
    "and the training of models that runs start from and that are not shown.",
    "The data, with the first digits of the SHA-256 of what was read, are \\reproData{}.",
  ];
}

const typewriter = (text: string) => `\\texttt{${escapeLatex(text)}}`;
const short = (hash: string, digits: number) => typewriter(hash.slice(0, digits));
const whole = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, "\\,");

/** Two significant digits, and whole hours from a hundred on. */
function hours(seconds: number): string {
  const value = seconds / 3600;
  return value >= 100 ? whole(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function inList(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

const rangeInWords = (low: number, high: number) => (low === high ? `${low}` : `${low} to ${high}`);

function seedsInWords(seeds: readonly number[]): string {
  const isRange = seeds.length > 2 && seeds.every((seed, i) => seed === seeds[0] + i);
  return isRange ? rangeInWords(seeds[0], seeds.at(-1) as number) : inList(seeds.map(String));
}

/** Values, each with its number of runs where there are several. */
function sharedInWords<T>(all: readonly Shared<T>[], inWords: (value: T) => string): string {
  return all.length === 1
    ? inWords(all[0].value)
    : inList(all.map(({ value, runs }) => `${inWords(value)} (${whole(runs)} runs)`));
}

/** Commits that are named; the others are counted, and stand in the comments and the sidecar. */
const mostCommits = 6;

function commitsInWords({ commits }: Reproducibility): string {
  const named = commits.slice(0, mostCommits).map(({ value }) => (value === null ? "unknown" : short(value, 7)));
  const others = commits.length - named.length;
  return inList(others === 0 ? named : [...named, `${others} others`]);
}
