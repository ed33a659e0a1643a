import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { core, data, recommendations } from "recsys-unlearning";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folders";
import { long } from "../long";

const built = core.inRepository("lib", "dist", "commands", "forget.js");
const folder = temporaryFolder("recsys-forget-");
const csv = join(folder, "mine.csv");
const quick = ["--epochs", "8", "--retrainings", "2", "--quiet"];

/** A person's file: their own names of columns and ids. */
function ownFile(): string {
  const { user, item, label, users, items } = data.generateInteractions({
    ...{ userCount: 120, itemCount: 80, interactionsPerUser: 30, seed: 2 },
  });
  const rows = Array.from(user, (one, row) => `${users.toRaw(one)},${items.toRaw(item[row])},${label[row]}`);
  return `user,item,rating\n${rows.join("\n")}\n`;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = folder) {
  const outside = { ...process.env, npm_lifecycle_event: undefined, INIT_CWD: undefined, ...env };
  return spawnSync(process.execPath, [built, ...args], { cwd, env: outside, encoding: "utf8" });
}

beforeAll(() => {
  writeFileSync(csv, ownFile());
  writeFileSync(join(folder, "titles.csv"), 'id,title\ni1,The First\ni2,"Two, too"\n');
});

describe("npm run forget", () => {
  test("--help says what there is, and loads nothing that computes", () => {
    const { status, stdout } = run(["--help"]);
    expect(status).toBe(0);
    for (const flag of ["--user", "--method", "--no-retrain", "--out"]) expect(stdout).toContain(flag);
    const loaded = spawnSync(
      process.execPath,
      [
        "-e",
        `process.argv = ["node", ${JSON.stringify(built)}, "--help"]; process.on("exit", () => {
        console.error(Object.keys(require.cache).filter((path) => /tfjs|vega|dist.engine/.test(path)).length);
      }); require(${JSON.stringify(built)})`,
      ],
      { encoding: "utf8" },
    );
    expect(loaded.stderr.trim()).toBe("0");
  });

  test("an own file: report, figures, model and record; paths lead where it was called", async () => {
    const args = ["mine.csv", "--user", "u3", "--out", "answer", "--titles", "titles.csv", ...quick];
    const called = { npm_lifecycle_event: "forget", INIT_CWD: folder };
    const { status, stdout, stderr } = run(args, called, core.inRepository());
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const out = join(folder, "answer");
    expect(readdirSync(out).filter((name) => !name.startsWith("what-is-left"))).toEqual([
      ...["belief.png", "belief.svg", "measures.csv", "model.safetensors", "record.json", "report.html", "report.md"],
    ]);
    const record = JSON.parse(readFileSync(join(out, "record.json"), "utf8"));
    expect(record).toMatchObject({
      config: { user: ["u3"], method: "ifru", model: "mf", seed: 1024 },
      data: { name: "mine.csv", split: { positiveAbove: 3 } },
      request: { kind: "users", text: "user u3" },
      engine: "wasm",
    });
    expect(record.data.dataHash).toMatch(/^[0-9a-f]{64}$/);
    expect(record.provenance.node).toBe(process.version);
    for (const [name, hash] of Object.entries(record.files))
      expect(core.sha256(readFileSync(join(out, name))), name).toBe(hash);
    expect(stdout).toContain(record.verdict.sentences[0]);
    const html = readFileSync(join(out, "report.html"), "utf8");
    expect(html).toContain("Is user u3 forgotten?");
    expect(html.replace(/xmlns="[^"]*"/g, "")).not.toMatch(/(src|href)="(?!data:)/); // nothing is fetched
    const kept = await recommendations.loadWithIds(join(out, "model.safetensors"));
    await expect(recommendations.recommend(kept, { users: ["u3"] })).rejects.toThrow(/knows no users "u3"/);
    expect(readFileSync(join(out, "model.safetensors")).includes('"u3"')).toBe(false);
    expect((await recommendations.recommend(kept, { users: ["u4"], k: 3 })).of("u4")).toHaveLength(3);
    expect(kept.titles.get("i2")).toBe("Two, too");
  });

  test("every option of reading; remedies name flags that there are", () => {
    writeFileSync(join(folder, "caret.txt"), "who^what^rating\na^x^1\na^y^2\n");
    const without = run(["caret.txt", "--user", "a"]).stderr;
    expect(without).toContain("--delimiter '^'");
    const unnamed = run(["caret.txt", "--user", "a", "--delimiter", "^"]).stderr;
    expect(unnamed).toContain("--columns user=who,item=what");
    const read = run(["caret.txt", "--user", "b", "--delimiter", "^", "--columns", "user=who,item=what"]).stderr;
    expect(read).toContain('users asked for have no training row: "b"');
  });

  test("data without ratings: random items for what was not liked, if asked", () => {
    writeFileSync(join(folder, "implicit.csv"), ownFile().replace(/,[^,\n]*$/gm, ""));
    expect(run(["implicit.csv", "--user", "u3", ...quick]).stderr).toContain("--negatives 1");
    const args = ["implicit.csv", "--user", "u3", "--negatives", "1", "--no-retrain", "--damping", "1e-3"];
    const { status, stderr } = run([...args, "--epochs", "2", "--quiet", "--out", "implicit"]);
    expect([status, stderr]).toEqual([0, ""]);
    const record = JSON.parse(readFileSync(join(folder, "implicit", "record.json"), "utf8"));
    expect(record.data.split).toMatchObject({ negatives: 1, positiveAbove: 0 });
    expect(run(["mine.csv", "--user", "u3", "--negatives", "1"]).stderr).toMatch(/there are ratings/);
  });

  test("columns of one's own names; pairs to forget from a file", () => {
    writeFileSync(join(folder, "odd.csv"), ownFile().replace("user,item,rating", "member,film,stars"));
    const first = data.generateInteractions({ userCount: 120, itemCount: 80, interactionsPerUser: 30, seed: 2 });
    const { train } = data.ifruSplit(first, { coreSize: 0, forgetFraction: 0 });
    const rows = [...train.user.keys()].slice(0, 15);
    const pairs = rows.map((row) => `${train.users.toRaw(train.user[row])},${train.items.toRaw(train.item[row])}`);
    writeFileSync(join(folder, "pairs.csv"), `user,item\n${pairs.join("\n")}\n`);
    const columns = "user=member,item=film,rating=stars";
    const args = ["odd.csv", "--columns", columns, "--rows", "pairs.csv", "--out", "pairs", "--no-retrain", ...quick];
    const { status, stderr } = run(args);
    expect([status, stderr]).toEqual([0, ""]);
    const record = JSON.parse(readFileSync(join(folder, "pairs", "record.json"), "utf8"));
    expect(record.request).toMatchObject({ kind: "pairs", rows: 15 });
  });

  long("without retraining it says that it cannot be told; the same seed gives the same model", () => {
    const args = (out: string) => ["mine.csv", "--item", "i1", "--no-retrain", "--out", out, "--json", ...quick];
    const [one, two] = ["a", "b"].map((out) => run(args(out)));
    expect(JSON.parse(one.stdout)).toMatchObject({ outcome: "cannot be told", retrainings: 0 });
    expect(two.status).toBe(0);
    const bytes = (out: string) => readFileSync(join(folder, out, "model.safetensors"));
    expect(bytes("a").equals(bytes("b"))).toBe(true);
  });

  test.each([
    [["mine.csv"], /nothing was asked to be forgotten[\s\S]*--user ID/],
    [["mine.csv", "--user", "u3", "--item", "i1"], /more than one kind of request/],
    [["mine.csv", "--user", "u3", "--user", "zoe", "--user", "yan"], /2 of 3 users .*"zoe", "yan"/],
    [["none.csv", "--user", "u3"], /no file and no dataset "none\.csv"/],
    [["mine.csv", "--user", "u3", "--method", "ifruu"], /"ifruu" does not exist[\s\S]*did you mean "ifru"/],
    [["mine.csv", "--user", "u3", "--model", "neural-mf", "--method", "sisa"], /does not work on neural-mf/],
    [["mine.csv", "--from", "2020-01-01"], /have no times/],
    [["mine.csv", "--users", "nobody.txt"], /there is no such file/],
    [["mine.csv", "--user", "u3", "--out", "mine.csv/x"], /a file stands where a folder should be[\s\S]*--out DIR/],
    [["mine.csv", "--user", "u3", "--retrainings", "0"], /there are 0 retrainings/],
    [["mine.csv", "--user", "u3", "--columns", "user:member"], /write user=NAME,item=NAME/],
  ])("%j is refused with a remedy", (args, message) => {
    const { status, stderr } = run([...args, "--quiet"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  test("an interruption leaves nothing half written", async () => {
    const out = join(folder, "interrupted");
    const child = spawn(process.execPath, [built, csv, "--user", "u3", "--out", out, "--retrainings", "5000"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    // the engine is named when training begins
    await new Promise<void>((done) => child.stdout.on("data", (text) => /engine/.test(String(text)) && done()));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(said).toMatch(/interrupting/);
    expect(existsSync(out)).toBe(false);
  });
});
