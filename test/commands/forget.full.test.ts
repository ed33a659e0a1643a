import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folders";

const built = core.inRepository("lib", "dist", "commands", "forget.js");
const folder = temporaryFolder("recsys-forget-full-");

test.each([
  ...["ifru", "scif", "cau-mf", "gradient-ascent", "sisa", "receraser", "retrain"].map((method) => ["mf", method]),
  ...["ifru", "sisa", "receraser", "retrain"].map((method) => ["lightgcn", method]),
  ...["ifru", "retrain"].map((method) => ["neural-mf", method]),
])("%s forgets by %s, and a verdict is given", (model, method) => {
  const csv = join(folder, "mine.csv");
  const { user, item, label, users, items } = data.generateInteractions({
    ...{ userCount: 120, itemCount: 80, interactionsPerUser: 30, seed: 2 },
  });
  const rows = Array.from(user, (one, row) => `${users.toRaw(one)},${items.toRaw(item[row])},${label[row]}`);
  writeFileSync(csv, `user,item,rating\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "users.txt"), "u1\nu2\nu3\n");
  const asked = ["--users", "users.txt", "--model", model, "--method", method, "--epochs", "6", "--retrainings", "2"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [built, csv, ...asked, "--out", `${model}-${method}`, "--json", "--quiet"],
    { cwd: folder, encoding: "utf8" },
  );
  expect(stderr.replace(/^engine: .*\n|^mine\.csv: .*\n/gm, "")).toBe("");
  expect(status).toBe(0);
  const verdict = JSON.parse(stdout);
  expect(verdict.judgements.length).toBeGreaterThanOrEqual(5);
  if (method === "retrain") expect(verdict.outcome).not.toBe("not forgotten");
});
