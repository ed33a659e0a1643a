import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository, libFolder, sha256 } from "recsys-unlearning/core";
import { expandView, RunStore } from "recsys-unlearning/experiments";
import { checkModule, partsWith } from "../../lib/reproduction";
import { commandOn, requireRequests, workOf } from "../../lib/commands/own-work";
import { long } from "../long";
import { runCli } from "./kills";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-own-"));
  const rows = Array.from({ length: 60 * 40 }, (_, k) => ({ u: Math.floor(k / 40), i: k % 40 }))
    .filter(({ u, i }) => (u * 7 + i * 13) % 5 < 2)
    .map(({ u, i }) => `u${u},i${i},${(u + i) % 2 === 0 ? 2 : 5}`);
  await writeFile(at("ratings.csv"), ["user,item,rating", ...rows].join("\n"));
  const guides = await readFile(inRepository("lib", "README.md"), "utf8");
  const guide = (name: string) => guides.split(`\`\`\`ts file=${name}\n`)[1].split("```")[0];
  await writeFile(at("my-method.ts"), guide("my-method.ts"));
  await writeFile(at("my-metric.ts"), guide("my-metric.ts"));
  await writeFile(
    at("my-parts.ts"),
    `import { inPlace } from "recsys-unlearning/reproduction";
import { shrinkUsers } from "./my-method";
import { accuracy } from "./my-metric";
export const parts = { methods: { "shrink-users": inPlace([shrinkUsers]) }, metrics: { accuracy } };\n`,
  );
  await writeFile(at("wrong.ts"), 'export const parts = {};\nexport const count: number = "three";\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a setting that leaves nothing to forget is refused, and none of Original, which forgets nothing", () => {
  const check = (set: string[], only: string[] = []) => {
    const options = { preset: "tiny", set, only } as const;
    const { view, parts } = workOf("ifru-accuracy", options as never);
    requireRequests(expandView(view, options, parts), options as never);
  };
  expect(() => check(["data.forgetFraction=0"])).toThrow(/nothing was asked to be forgotten[^]*forgetFraction=0\.02/);
  check(["data.forgetFraction=0"], ["method=original"]);
  check(["data.forgetFraction=0", "request.kind=user"]);
  check(["data.forgetFraction=0.1"]);
});

describe("a parts file", () => {
  test("brings its parts beside the built-in ones, with its file as their code", () => {
    const parts = partsWith({ partsFile: at("my-parts.ts") });
    expect(parts.methods["shrink-users"].label({})).toBe("Shrink users");
    expect(parts.methods["shrink-users"].code).toContain(at("my-parts.ts"));
    expect(parts.metrics["accuracy"].label).toBe("accuracy");
    expect(Object.keys(parts.methods)).toContain("ifru");
  });

  test("is refused without parts, with an unknown kind, or with a name that is taken", async () => {
    const written = async (text: string) => {
      const path = at(`${sha256(text).slice(0, 8)}.ts`);
      await writeFile(path, text);
      return () => partsWith({ partsFile: path });
    };
    expect(await written("export const part = {};")).toThrow(/exports no "parts"/);
    expect(await written("export const parts = { method: {} };")).toThrow(/parts has "method"[^]*"methods"/);
    expect(await written("export const parts = { methods: { ifru: {} } };")).toThrow(
      /"ifru" is the name of a built-in/,
    );
    await writeFile(at("data.json"), "{}");
    expect(() => partsWith({ partsFile: at("data.json") })).toThrow(/no module[^]*\.ts/);
    expect(() => partsWith({ partsFile: at("nowhere.ts") })).toThrow(/no such file/);
  });

  long("with type errors is refused with file and line; a right one is not", () => {
    expect(() => checkModule(at("wrong.ts"), libFolder())).toThrow(/wrong\.ts:2: Type 'string' is not assignable/);
    checkModule(at("my-parts.ts"), libFolder());
  });
});

describe("a file of one's own", () => {
  test("is a dataset whose name is that of the file, wherever it lies", async () => {
    const { datasets } = partsWith({ files: { "ratings.csv": { path: at("ratings.csv"), task: "ratings" } } });
    const part = datasets["ratings.csv"];
    const options = { positiveAbove: 3, coreSize: 2, forgetFraction: 0.1, splitSeed: 1, flip: false };
    const split = await part.load(options);
    expect(part.contentOf?.(split)).toBe(await part.hash(options));
    expect(() => partsWith({ files: { x: { path: at("x.csv"), task: "ratings" } } })).toThrow(/no such file[^]*x\.csv/);
  });
});

describe("how a file is read", () => {
  const reading = (...set: string[]) => workOf("ifru-accuracy", { preset: "tiny", only: [], set });

  test("is set on the command line: of repeated pairs the last is kept, columns are named", async () => {
    const path = at("twice.csv");
    const once = Array.from({ length: 300 }, (_, k) => `u${k % 20},i${Math.floor(k / 20)},${(k % 2) * 4 + 1}\n`).join(
      "",
    );
    await writeFile(path, `who,item,rating\n${once.replace(/,\d\n/g, ",3\n")}${once}`);
    await writeFile(at("once.csv"), `who,item,rating\n${once}`);
    const { parts } = reading(`dataset=${path}`, "read.keep=last", "read.user=who");
    const other = reading(`dataset=${at("once.csv")}`, "read.user=who");
    const none = {} as never;
    expect(await parts.datasets["twice.csv"].hash(none)).toBe(await other.parts.datasets["once.csv"].hash(none));
    const all = reading(`dataset=${path}`, "read.user=who").parts.datasets["twice.csv"];
    expect(await all.hash(none)).not.toBe(await parts.datasets["twice.csv"].hash(none));
  });

  test("misspelt, or of no file, it is refused", () => {
    expect(() => reading(`dataset=${at("ratings.csv")}`, "read.kep=last")).toThrow(/reading has no "kep"[^]*"keep"/);
    expect(() => reading(`dataset=${at("ratings.csv")}`, "read.keep=")).toThrow(/such as --set read.keep=first/);
    expect(() => reading("read.keep=last")).toThrow(/no file to read[^]*dataset=/);
  });
});

test("hints repeat all that was given, to be typed as it stands", () => {
  const options = { preset: "tiny" as const, seeds: 2, only: ["method=ifru"], set: ["dataset=./my file.csv"], parts: "p.ts", store: "/s" }; // prettier-ignore
  expect(commandOn("run", "ifru-time", options)).toContain(
    "run ifru-time --preset tiny --seeds 2 --only method=ifru --set 'dataset=./my file.csv' --parts p.ts --store /s",
  );
});

long(
  "a shipped view runs on them, in several processes, and its records name them",
  async () => {
    const store = at("runs");
    const given = [
      "ifru-accuracy",
      "--preset",
      "tiny",
      "--set",
      `dataset=${at("ratings.csv")}`,
      "--set",
      "data.coreSize=2",
    ];
    const own = [
      "--set",
      "method=shrink-users",
      "--set",
      "training.epochs=5",
      "--parts",
      at("my-parts.ts"),
      "--store",
      store,
    ];
    const { stdout, stderr, status } = await runCli(["run", ...given, ...own, "--workers", "2", "--quiet"]);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/\d+ computed, 0 there already/);
    const shown = await runCli(["show", ...given, ...own, "--format", "csv"]);
    expect(shown.stdout).toMatch(/Shrink users[^]*accuracy|accuracy[^]*Shrink users/);
    const runs = new RunStore(store);
    const states = await Promise.all((await runs.ids()).map((id) => runs.read(id)));
    const ours = states.flatMap((state) => (state.kind === "done" && state.record.config.method === "shrink-users" ? [state.record] : [])); // prettier-ignore
    expect(ours.length).toBeGreaterThan(0);
    const hash = sha256(await readFile(at("my-parts.ts")));
    for (const { facts, dataHash, config } of ours) {
      expect(facts["partsFile"]).toBe(`my-parts.ts sha256 ${hash}`);
      expect(dataHash).toMatch(/^[0-9a-f]{64}$/);
      expect([config.dataset, config.options.training["epochs"]]).toEqual(["ratings.csv", 5]);
    }
  },
  120_000,
);
