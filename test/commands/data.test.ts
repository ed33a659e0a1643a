import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const built = core.inRepository("lib", "dist", "commands", "data.js");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-data-command-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command with an own cache and own folder, both empty at first. */
const run = (...args: string[]) => runWith({}, ...args);

function runWith(variables: Readonly<Record<string, string>>, ...args: string[]) {
  const env = { ...process.env, RECSYS_CACHE: join(folder, "cache"), RECSYS_DATA: folder, ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [built, ...args], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run data", () => {
  test("says how it is used", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const command of ["list", "info", "formats", "get", "verify", "remove"]) expect(stdout).toContain(command);
  });

  test("list names every dataset, as text and as JSON", () => {
    const names = Object.keys(data.datasetCatalogue());
    const text = run("list");
    for (const name of names) expect(text.stdout).toContain(name);
    const rows = JSON.parse(run("list", "--json").stdout) as { name: string; here: string | null }[];
    expect(rows.map(({ name, here }) => [name, here])).toEqual(names.map((name) => [name, null]));
  });

  test("info reads a file of one's own, columns named on the command line", async () => {
    const path = join(folder, "mine.csv");
    await writeFile(path, "member;film;stars\nanna;up;5\nben;up;4\nben;up\n");
    expect(run("info", path, "--user", "member", "--item", "film").stderr).toMatch(
      /a row of 2 fields[\s\S]*mine\.csv:4/,
    );
    const read = run("info", path, "--user", "member", "--item", "1", "--rating", "stars", "--drop-bad-rows", "--json");
    expect(read.status).toBe(0);
    expect(JSON.parse(read.stdout)).toMatchObject({
      rows: 2,
      users: 2,
      items: 1,
      ratings: "4, 5",
      dropped: "1 x a row of 2 fields where the first has 3",
    });
    expect(read.stderr).toContain("mine.csv: dropped 1 x");
  });

  test("info tells the layout, and its remedies are flags that work", async () => {
    const path = join(folder, "mine.csv");
    await writeFile(path, "who,what,stars,when\nann,x,5,1400000000\nann,x,4.3,1400000060\n");
    const refused = run("info", path).stderr;
    expect(refused).toMatch(/no user column and no item column[\s\S]*--user who --item what/);
    expect(refused).not.toMatch(/columns: \{/);
    const { stdout } = run("info", path, "--user", "who", "--item", "what", "--time", "none", "--keep", "last");
    expect(stdout).toMatch(/^columns +user = "who", item = "what", rating = "stars", time = none$/m);
    expect(stdout).toMatch(/^unused +"when" \(.*these look like times: --time when\)$/m);
    expect(stdout).toMatch(/^ratings +4\.3$/m);
    expect(stdout).toMatch(/^repeated +1$/m);
    await writeFile(path, "user,item\na,x\nb\n");
    expect(run("info", path).stderr).toMatch(/--drop-bad-rows would leave out 1 of 2 rows \(50 %\)/);
  });

  test("info takes every option of reading as a flag", async () => {
    const path = join(folder, "odd.txt");
    await writeFile(path, "a title\nv##a##x##-1\nv##b##x##4,5\nbuy##c##x##3\n");
    const flags =
      "--skip-lines 1 --delimiter ## --no-header --user 1 --item 2 --rating 3 --event 0 --events v --missing -1";
    const { stdout, stderr } = run("info", path, ...flags.split(" "), "--decimal", "comma", "--json");
    expect(stderr).not.toMatch(/Error/);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 1, ratings: "4.5", leftOut: expect.stringContaining("rated -1") });
    expect(run("info", path, "--format", "steem").stderr).toMatch(/did you mean "steam"/);
  });

  test("paths count from where npm was called, and a missing file is called so", async () => {
    await writeFile(join(folder, "mine.csv"), "user,item\na,x\n");
    const npm = { npm_lifecycle_event: "data", INIT_CWD: folder };
    expect(runWith(npm, "info", "mine.csv").stdout).toMatch(/^rows +1$/m);
    expect(runWith(npm, "info", "nowhere.csv").stderr).toMatch(/there is no such file\n {2}at .*nowhere\.csv/);
  });

  test("formats lists what can be read", () => {
    const { stdout } = run("formats");
    for (const format of Object.keys(data.fileFormats)) expect(stdout).toContain(format);
  });

  test("verify finds a file that is not what it should be", async () => {
    await writeFile(join(folder, "u.data"), "1\t2\t3\t4\n");
    const { status, stdout } = run("verify", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "ml-100k", file: "RECSYS_DATA/u.data", ok: false, dataHash: null },
    ]);
  });

  test("get says where it looked and fails with a remedy; an unknown name is answered with the nearest", () => {
    const { status, stderr, stdout } = run("get", "amazon-games", "--offline", "--json");
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/amazon-games: not in the cache[\s\S]*cannot be had offline[\s\S]*remedy: get it from/);
    expect(run("get", "ml-100").stderr).toMatch(/did you mean "ml-100k"/);
    expect(run("remove", "ml-100").status).toBe(1);
    expect(JSON.parse(run("remove", "ml-100k", "--json").stdout)).toEqual([{ name: "ml-100k", freedBytes: 0 }]);
  });
});
