// Which mutants an area has, and a seeded sample of them.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const stryker = join(
  dirname(createRequire(import.meta.url).resolve("@stryker-mutator/core/package.json")),
  "bin",
  "stryker.js",
);

/**
 * Every mutant of a folder, as Stryker's own server lists them (the mutation server protocol, JSON-RPC over stdio).
 * Lines and columns count from 1, the end is exclusive.
 */
export async function mutantsIn(folder) {
  const server = spawn(process.execPath, [stryker, "serve", "stdio", "--", "--mutate", `${folder}/**/*.ts`], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ask = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "discover", params: {} });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(ask)}\r\n\r\n${ask}`);
  try {
    const { result, error } = await answerOf(server);
    if (error !== undefined) throw new Error(`stryker cannot list the mutants of ${folder}: ${error.message}`);
    return Object.entries(result.files).flatMap(([file, { mutants }]) => named(file, mutants));
  } finally {
    server.kill();
  }
}

function answerOf(server) {
  let [bytes, said] = [Buffer.alloc(0), ""];
  server.stderr.on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    server.stdout.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const [head, length] = /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString("latin1")) ?? [];
      if (head === undefined || bytes.length < head.length + Number(length)) return;
      resolve(JSON.parse(bytes.subarray(head.length, head.length + Number(length)).toString("utf8")));
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`stryker's server ended with status ${code}: ${said}`)));
  });
}

/** Gives mutants of a file names that do not change with what stands elsewhere in it, by which a sample is drawn. */
function named(file, mutants) {
  const lines = readFileSync(file, "utf8").split("\n");
  const seen = new Map();
  return mutants.map(({ location, mutatorName, replacement }) => {
    const what = [file, mutatorName, textAt(lines, location), replacement].join("\0");
    const before = seen.get(what) ?? 0;
    seen.set(what, before + 1);
    return { file, location, mutatorName, replacement, name: `${what}\0${before}` };
  });
}

/** The text of a place in a file. */
export function textAt(lines, { start, end }) {
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = text.at(-1).slice(0, end.column - 1);
  text[0] = text[0].slice(start.column - 1);
  return text.join("\n");
}

/** The same mutants for the same seed; a larger sample holds the smaller. */
export function drawn(mutants, size, seed) {
  const rank = ({ name }) => createHash("sha256").update(`${seed}\0${name}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, at: rank(mutant) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant);
}

/** What tells one mutant from another, for the checker, which sees them in Stryker's own form: counted from 0. */
export function keyOf(file, { start, end }, mutatorName, replacement, first = 1) {
  const place = [start.line, start.column, end.line, end.column].map((number) => number - first);
  return JSON.stringify([file, ...place, mutatorName, replacement]);
}
