import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { mostDrop } from "../lib/cau/sessions/operating-point";

// What docs/results-*.md state in words and numbers, held to the tables and records that are kept.

type Row = Record<string, string>;
const page = (name: string): string => readFileSync(inRepository("docs", name), "utf8");
const tableOf = (view: string): Row[] =>
  parse(readFileSync(inRepository("figures", view, `${view}-table.csv`), "utf8"), {
    columns: true,
    comment: "<!--",
  });
const where = (rows: readonly Row[], wanted: Row): Row[] =>
  rows.filter((row) => Object.entries(wanted).every(([column, value]) => row[column] === value));
const numbers = (rows: readonly Row[], column: string): number[] => rows.map((row) => Number(row[column]));
const oneOf = (rows: readonly Row[], wanted: Row, column: string): number => {
  const found = numbers(where(rows, wanted), column);
  expect(found).toHaveLength(1);
  return found[0];
};

describe("results-ifru.md", () => {
  const text = page("results-ifru.md");
  const accuracy = tableOf("ifru-accuracy");
  const shown = where(accuracy, { dataset: "ML-100K", backbone: "MF", forgotten: "0.02" });
  const withShards = (row: Row) => /^(SISA|RecEraser) /.test(row["method"]);

  it("counts the seeds of the figure", () => {
    const [, seeds, ofShards] = /has (\d+) seeds, and (\d+) for the methods with shards/.exec(text) ?? [];
    const plain = shown.filter((row) => !withShards(row));
    expect(new Set(numbers(plain, "forget AUC n"))).toEqual(new Set([Number(seeds)]));
    expect(new Set(numbers(shown.filter(withShards), "forget AUC n"))).toEqual(new Set([Number(ofShards)]));
  });

  it("has two more datasets in the whole table", () => {
    expect(text).toMatch(/two more\s+datasets/);
    expect(new Set(accuracy.map((row) => row["dataset"])).size).toBe(3);
  });

  it("sees IFRU remove flipped labels nearly as well as retraining", () => {
    const forgetAuc = (method: string) => oneOf(shown, { method }, "forget AUC");
    const [original, retrain] = [forgetAuc("Original"), forgetAuc("Retrain")];
    expect((forgetAuc("IFRU (principled)") - original) / (retrain - original)).toBeGreaterThan(0.95);
  });

  it("sees the authors' recipe on either side of Retrain, by seed, at a similar AUC", () => {
    const lines = readFileSync(inRepository("figures", "records", "ifru-accuracy-full.jsonl"), "utf8")
      .trim()
      .split("\n");
    const records = lines.slice(1).map((line) => JSON.parse(line));
    const bySeed = (method: string, mode?: string): Map<number, number> =>
      new Map(
        records
          .filter(({ config: { dataset, backbone, options, ...config } }) => {
            const asked = [dataset, backbone, options.data?.forgetFraction, options.request?.kind];
            return config.method === method && options.method.mode === mode && asked.join() === "ml-100k,mf,0.02,split";
          })
          .map((record) => [record.config.seed, record.metrics["forget-auc"]]),
      );
    const [recipe, retrain] = [bySeed("ifru", "paper"), bySeed("retrain")];
    const differences = [...recipe].map(([seed, value]) => value - (retrain.get(seed) ?? NaN));
    expect(differences).toHaveLength(10);
    expect(Math.min(...differences)).toBeLessThan(0);
    expect(Math.max(...differences)).toBeGreaterThan(0);
    const spread = (method: string) => oneOf(shown, { method }, "forget AUC sd");
    expect(spread("IFRU (paper)")).toBeGreaterThan(5 * spread("IFRU (principled)"));
    const auc = (method: string) => oneOf(shown, { method }, "AUC");
    expect(Math.abs(auc("IFRU (paper)") - auc("IFRU (principled)"))).toBeLessThan(0.001);
  });

  it("orders the parts of IFRU for LightGCN by what their loss costs", () => {
    const principled = where(tableOf("ifru-ablation"), {
      method: "IFRU (principled)",
      pruned: "0",
      "direct kept": "true",
    });
    const whole = { spillover: "changed", hessian: "propagated", "graph replaced": "true" };
    const without = (part: Row) => oneOf(principled, { ...whole, ...part }, "forget AUC");
    const parts: Row[] = [{ hessian: "plain" }, { "graph replaced": "false" }, { spillover: "none" }, {}];
    const order = parts.map(without);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("sees pruning cost forgetting, and hardly any test AUC", () => {
    const pruned = where(tableOf("ifru-pruning"), { method: "IFRU (principled)" });
    const pairs = new Map(pruned.map(({ dataset, backbone }) => [`${dataset} ${backbone}`, { dataset, backbone }]));
    expect(pairs.size).toBeGreaterThan(1);
    for (const pair of pairs.values()) {
      const rows = where(pruned, pair);
      const forgetAuc = numbers(rows, "forget AUC");
      expect(forgetAuc).toEqual([...forgetAuc].sort((a, b) => b - a));
      const auc = numbers(rows, "AUC");
      expect(Math.abs(auc[0] - auc[auc.length - 1])).toBeLessThan(
        0.05 * (forgetAuc[0] - forgetAuc[forgetAuc.length - 1]),
      );
    }
  });
});

describe("results-cau.md", () => {
  const text = page("results-cau.md");
  const main = tableOf("cau-main");

  it("has the models and seeds of the main table", () => {
    const stated = [...text.matchAll(/^\| ([\w -]+?) +\| (\w+4Rec|SASRec) +\| +(\d+) \|$/gm)].map(
      ([, ...cells]) => cells,
    );
    const computed = where(main, { method: "Retrain" }).map((row) => [
      row["dataset"],
      row["backbone"],
      row["recall@10 n"],
    ]);
    expect(stated.sort()).toEqual(computed.sort());
  });

  it("has few seeds of the methods with shards, and where they are", () => {
    const shards = main.filter((row) => ["SISA", "SRU"].includes(row["method"]));
    expect(shards.map((row) => [row["method"], row["backbone"], row["dataset"], row["recall@10 n"]]).sort()).toEqual([
      ["SISA", "GRU4Rec", "Amazon Beauty", "3"],
      ["SISA", "GRU4Rec", "ML-1M sessions", "3"],
      ["SRU", "GRU4Rec", "ML-1M sessions", "3"],
    ]);
  });

  it("sees networks remember sessions of Amazon Beauty, and hardly those of MovieLens-1M", () => {
    const networks = tableOf("cau-backbones").filter((row) => /Rec$/.test(row["backbone"]));
    const remembered = (dataset: string) =>
      where(networks, { dataset }).map((row) => Number(row["Hit_u@10"]) - Number(row["unseen@10"]));
    expect(remembered("Amazon Beauty")).toHaveLength(2);
    expect(Math.min(...remembered("Amazon Beauty"))).toBeGreaterThan(0.3);
    expect(remembered("ML-1M sessions")).toHaveLength(2);
    for (const difference of remembered("ML-1M sessions")) {
      expect(difference).toBeGreaterThan(0);
      expect(difference).toBeLessThan(0.05);
    }
  });

  it("sees CAU stop on either side of Retrain, and Calibrated near the level of unseen sessions", () => {
    const seeded = where(main, { method: "Retrain" }).filter((row) => Number(row["recall@10 n"]) > 1);
    const beyondRetrain = seeded.map(({ dataset, backbone, "Hit_u@10": retrain }) => {
      const of = (method: string, column: string) => oneOf(main, { dataset, backbone, method }, column);
      const gap = "|Hit_u@10 - Retrain|";
      expect(of("CAU (calibrated)", gap)).toBeLessThan(of("CAU (paper)", gap));
      const aboveUnseen = (method: string) => of(method, "Hit_u@10") - of(method, "unseen@10");
      if (aboveUnseen("Original") > 0) expect(Math.abs(aboveUnseen("CAU (calibrated)"))).toBeLessThan(0.03);
      return of("CAU (paper)", "Hit_u@10") - Number(retrain);
    });
    expect(Math.min(...beyondRetrain)).toBeLessThan(0);
    expect(Math.max(...beyondRetrain)).toBeGreaterThan(0);
  });

  it("states how much accuracy CAU may lose", () => {
    expect(text).toContain(`to lose ${100 * mostDrop} % of the accuracy`);
  });
});
