// Each assignment as a class would find it: the instructor's answers have full marks, no answer has none, and typical
// mistakes have what the rubric says. What runs notebooks through the grader stands in assignments.full.test.ts.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readChecks } from "../../kernel/course/load-assignment";
import { loadTypeScript } from "../../kernel/course/load-typescript";
import { inRepository } from "../../lib/core";
import { loadModelAs, Mf } from "../../lib/models";
import type { Assignment } from "recsys-unlearning-kernel/course";
import audit from "../../notebooks/course/source/audit/checks";
import { auditModels, made } from "../../notebooks/course/source/audit/checks-models";
import * as auditPractice from "../../notebooks/course/source/audit/practice";
import curriculum from "../../notebooks/course/source/curriculum/checks";
import * as curriculumPractice from "../../notebooks/course/source/curriculum/practice";
import influence from "../../notebooks/course/source/influence/checks";
import * as influencePractice from "../../notebooks/course/source/influence/practice";
import { type Answers, cellsOf, instructorsAnswers, verdict } from "./pilot";

type Edit = readonly [from: string, to: string];
/** A mistake: what is changed in the instructor's answers, the check it concerns, its score and name. */
type Mistake = readonly [check: string, score: number, mistake: string | undefined, edits: readonly Edit[]];

interface Pilot {
  readonly assignment: Assignment;
  readonly cells: readonly string[];
  /** All of `practice.ts`, which the cells use. */
  readonly given: Answers & { readonly check: unknown };
  readonly mistakes: readonly Mistake[];
}

const pilots: Record<string, Pilot> = {
  influence: {
    assignment: influence,
    cells: [
      "gradient",
      "hvp",
      "gauss-newton",
      "conjugate-gradient",
      "solve-matrix",
      "forget",
      "forget-rows",
      "agreement",
    ],
    given: { ...influencePractice },
    mistakes: [
      ["gradient", 0.5, "sign", [["return out;", "return out.map((x) => -x);"]]],
      ["gradient", 0.5, "forgot the regulariser", [["out[k] += lambda * theta[k]", "out[k] += 0"]]],
      [
        "gradient",
        0.75,
        "factor of the regulariser",
        [["out[k] += lambda * theta[k]", "out[k] += 2 * lambda * theta[k]"]],
      ],
      ["gradient", 0.5, "mean for sum", [["return out;", "return out.map((x) => x / rows.length);"]]],
      [
        "gradient",
        0.25,
        "wrong axis",
        [
          ["out[u + k] += residual * theta[i + k]", "out[u + k] += residual * theta[u + k]"],
          ["out[i + k] += residual * theta[u + k]", "out[i + k] += residual * theta[i + k]"],
        ],
      ],
      ["gradient", 0, undefined, [["for (const row of rows) {", "for (const row of rows.slice(1)) {"]]],
      ["hvp", 0.6, "forgot the damping", [["out[k] += lambda * direction[k]", "out[k] += 0"]]],
      [
        "hvp",
        0.6,
        "sign of the residual",
        [["residual = probability - row.label", "residual = row.label - probability"]],
      ],
      ["hvp", 0.5, "missing factor", [["const pull = probability * (1 - probability) * ds", "const pull = ds"]]],
      ["hvp", 0.4, "half of ds", [[" + theta[u + k] * direction[i + k]", ""]]],
      [
        "hvp",
        0.4,
        "wrong axis",
        [
          ["residual * direction[i + k]", "residual * direction[u + k] * 1"],
          ["theta[u + k] + residual * direction[u + k]", "theta[u + k] + residual * direction[i + k]"],
        ],
      ],
      [
        "gauss-newton",
        0.5,
        "forgot the damping",
        [["direction.map((x) => lambda * x)", "direction.map((x) => 0 * x)"]],
      ],
      [
        "conjugate-gradient",
        0.25,
        "sign",
        [["return { x, iterations };", "return { x: x.map((v) => -v), iterations };"]],
      ],
      [
        "conjugate-gradient",
        0.75,
        "beta",
        [["(next / square) * direction[k]", "(next / square) * direction[k] * 0.8"]],
      ],
      ["conjugate-gradient", 0.875, "off by one", [["iterations < mostIterations", "iterations <= mostIterations"]]],
      [
        "conjugate-gradient",
        0.875,
        "divides by 0",
        [["square > enough &&", "(iterations === 0 || square > enough) &&"]],
      ],
      [
        "forget",
        0.5,
        "sign",
        [["value + x[k]);\n  /// END SOLUTION\n}\n/** Your", "value - x[k]);\n  /// END SOLUTION\n}\n/** Your"]],
      ],
      ["forget", 0.5, "matrix of all rows", [["product(theta, stay,", "product(theta, train,"]]],
      [
        "forget",
        0.5,
        "regulariser forgotten",
        [["gradient(theta, forgotten, 0, shape)", "gradient(theta, forgotten, lambda, shape)"]],
      ],
      [
        "forget",
        0.5,
        "no start",
        [["value + x[k]);\n  /// END SOLUTION\n}\n/** Your", "x[k]);\n  /// END SOLUTION\n}\n/** Your"]],
      ],
      ["forget", 0.5, "forgot the damping", [["product(theta, stay, lambda,", "product(theta, stay, 0,"]]],
      // A mistake upstream is marked there alone.
      ["forget", 1, undefined, [["direction.map((x) => lambda * x)", "direction.map((x) => 2 * lambda * x)"]]],
      ["agreement", 0.5, "wrong axis", [["/ dot(actual, actual) }", "/ dot(estimated, estimated) }"]]],
      ["agreement", 0.5, "means left in", [["[centred(estimated), centred(actual)]", "[[...estimated], [...actual]]"]]],
    ],
  },
  curriculum: {
    assignment: curriculum,
    cells: [
      "loss-gradients",
      "min-norm-two",
      "min-norm-three",
      "difficulty",
      "hard-order",
      "soft-order",
      "hit-level",
      "stop-at",
    ],
    given: { ...curriculumPractice },
    mistakes: [
      ["loss-gradients", 0.75, "sign", [["minus(only(item), p)", "minus(p, only(item))"]]],
      ["loss-gradients", 0.75, "off by one", [["next < 0 ? only(-1) : minus(p, only(next))", "minus(p, only(next))"]]],
      ["loss-gradients", 0.5, "wrong item", [["minus(p, only(next))", "minus(p, only(item))"]]],
      ["min-norm-two", 0.5, "wrong axis", [["dot(between, b) / square", "1 - dot(between, b) / square"]]],
      [
        "min-norm-two",
        0.5,
        "not clipped",
        [["Math.min(1, Math.max(0, dot(between, b) / square))", "dot(between, b) / square"]],
      ],
      ["min-norm-two", 0, undefined, [["square === 0 ? 0.5 : Math", "Math"]]],
      ["min-norm-three", 0.5, "edges alone", [["if (determinant !== 0)", "if (determinant === Infinity)"]]],
      ["min-norm-three", 0.5, "not clipped", [["if (x > 0 && y > 0 && x + y < 1) ", ""]]],
      ["difficulty", 0.5, "sign", [["-dot(forget, kept) / lengths", "dot(forget, kept) / lengths"]]],
      ["difficulty", 0.5, "missing factor", [["-dot(forget, kept) / lengths", "-dot(forget, kept)"]]],
      ["difficulty", 0.75, "divides by 0", [["lengths === 0 ? 0 : -dot", "-dot"]]],
      // A mistake upstream is marked there alone.
      ["difficulty", 1, undefined, [["minus(only(item), p)", "minus(only(item), q)"]]],
      ["hard-order", 0.5, "sign", [["difficulties[a] - difficulties[b]", "difficulties[b] - difficulties[a]"]]],
      ["soft-order", 0.5, "sign", [["keys[a] - keys[b]", "keys[b] - keys[a]"]]],
      [
        "soft-order",
        0.5,
        "sign of the noise",
        [["+ Math.log(-Math.log(uniforms[k]))", "- Math.log(-Math.log(uniforms[k]))"]],
      ],
      ["soft-order", 0.5, "not standardised", [["(d - mean) / spread / temperature", "d / temperature"]]],
      ["soft-order", 0.5, "missing factor", [["spread / temperature", "spread * temperature"]]],
      ["hit-level", 0.5, "off by one", [["rank <= k", "rank < k"]]],
      [
        "hit-level",
        0.5,
        "missing factor",
        [["Math.sqrt((level * (1 - level)) / ranks.length)", "Math.sqrt(level * (1 - level))"]],
      ],
      ["stop-at", 0.5, "no standard error", [["hit <= level + standardError", "hit <= level"]]],
      ["stop-at", 0.5, "sign", [["level + standardError", "level - standardError"]]],
    ],
  },
  audit: {
    assignment: audit,
    cells: ["auc", "confidence", "out-statistics", "membership-scores", "noise-floor", "over-floor"],
    given: { ...auditPractice },
    mistakes: [
      ["auc", 0.5, "sign", [["scores[i] > scores[j]", "scores[i] < scores[j]"]]],
      ["auc", 0.75, "ties", [["sum += 0.5", "sum += 0"]]],
      ["auc", 0.5, "missing factor", [["return sum / pairs", "return sum / scores.length ** 2"]]],
      ["confidence", 0.5, "sign", [["2 * labels[k] - 1", "1 - 2 * labels[k]"]]],
      ["confidence", 0.5, "missing factor", [["(2 * labels[k] - 1)", "labels[k]"]]],
      ["out-statistics", 0.5, "members taken", [["member[m][k] ? [] : [row[k]]", "member[m][k] ? [row[k]] : []"]]],
      ["out-statistics", 0.25, "all taken", [["member[m][k] ? [] : [row[k]]", "[row[k]]"]]],
      ["out-statistics", 0.75, "off by one", [["(values.length - 1)", "values.length"]]],
      [
        "out-statistics",
        0.25,
        "wrong axis",
        [
          [
            "scores[0].map((_, k) => scores.flatMap((row, m) => (member[m][k] ? [] : [row[k]])))",
            "scores.map((row, m) => row.filter((_, k) => !member[m][k]))",
          ],
        ],
      ],
      ["membership-scores", 0.5, "sign", [["c - shadows.mean[k]", "shadows.mean[k] - c"]]],
      ["membership-scores", 0.5, "missing factor", [[" / shadows.deviation[k]", ""]]],
      ["noise-floor", 0.5, "pairs with itself", [["let b = a + 1", "let b = 0"]]],
      [
        "noise-floor",
        0.5,
        "off by one",
        [["b < predictions.length; b++", "b < Math.min(a + 2, predictions.length); b++"]],
      ],
      ["over-floor", 0.5, "missing factor", [[" / noiseFloor(retrained)", ""]]],
      // A mistake upstream is marked there alone.
      ["over-floor", 1, undefined, [["let b = a + 1", "let b = 0"]]],
    ],
  },
};

describe.each(Object.entries(pilots))("%s", (name, { assignment, cells, given, mistakes }) => {
  const checks = assignment.checks.map((check) => check.name).filter((check) => check !== "verdict");

  test.each(checks)("the instructor's %s has full marks, whatever is drawn", async (check) => {
    const answers = instructorsAnswers(name, cells, given);
    for (const seed of [1, 2, 3])
      expect(await verdict(assignment, check, answers, seed)).toEqual({
        score: 1,
        comment: expect.any(String) as string,
      });
  });

  test.each(checks)("without %s there is no mark", async (check) => {
    expect((await verdict(assignment, check, {})).score).toBe(0);
  });

  test.each([...mistakes])("%s scores %s for %s", async (check, score, mistake, edits) => {
    const answers = instructorsAnswers(name, cells, given, edits);
    for (const seed of [1, 2]) {
      const given = await verdict(assignment, check, answers, seed);
      expect(given.mistake).toBe(mistake);
      expect(given.score).toBeCloseTo(score, 10);
    }
  });

  // What a student sees while working: by the function's name, which is the check's in camel case.
  const functionOf = (check: string) => check.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const saidOf = (check: string, answer: unknown) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const before = process.cpuUsage(); // a machine may be shared: what counts is what it takes
    (given.check as (name: string, answer: unknown) => void)(functionOf(check), answer);
    const said = log.mock.calls.join();
    log.mockRestore();
    const { user, system } = process.cpuUsage(before);
    return { said, seconds: (user + system) / 1e6 };
  };

  test.each(checks)("check() accepts the instructor's %s, and not a gap", (check) => {
    const { said, seconds } = saidOf(check, instructorsAnswers(name, cells, given)[functionOf(check)]);
    expect(said).toMatch(/^✓/);
    expect(seconds).toBeLessThan(1);
    const gap = () => {
      throw new Error("not implemented");
    };
    expect(saidOf(check, gap).said).toMatch(/^✗.*not implemented/);
  });

  test.each(mistakes.filter(([, score]) => score < 1))(
    "check() sees in %s what scores %s: %s",
    (check, _s, _m, edits) => {
      const { said } = saidOf(check, instructorsAnswers(name, cells, given, edits)[functionOf(check)]);
      expect(said).toMatch(/^✗/);
    },
  );

  test("its cells are what nbgrader expects, and carry the points of the checks", () => {
    const graded = new Map<unknown, unknown>();
    const all = cellsOf(name);
    const known = all.filter(({ metadata }) => metadata.nbgrader !== undefined);
    const others = all.filter((cell) => !known.includes(cell)); // students write their name there
    expect(others.map(({ source }) => source.join("").slice(0, 13))).toEqual(["const student"]);
    for (const { metadata } of known) {
      const { grade_id: id, grade, solution, locked, points, schema_version: version } = metadata.nbgrader ?? {};
      expect(version).toBe(3);
      expect(grade === true || solution === true || locked === true).toBe(true);
      if (grade === true) graded.set(id, points);
    }
    const declared = [...assignment.checks, ...assignment.manual].map(({ cell, points }) => [cell, points]);
    expect([...graded].sort()).toEqual(declared.sort());
  });
});

describe("audit's models", () => {
  const variants = Object.keys(made);

  test.each(variants)("the files of case %s are those that their maker makes", async (variant) => {
    for (const [name, model] of auditModels(variant)) {
      const path = inRepository("notebooks", "course", "source", "audit", "models", `${variant}-${name}.safetensors`);
      const stored = await loadModelAs(path, Mf);
      const differences = model
        .parameters()
        .flatMap(({ values }, k) =>
          Array.from(values, (value, place) => Math.abs(value - stored.parameters()[k].values[place])),
        );
      expect(Math.max(...differences)).toBeLessThan(1e-3);
    }
  });

  test("a verdict has its points for the student's own case alone", async () => {
    const verdictOf = (pretender: string) =>
      Object.fromEntries(["A", "B", "C"].map((letter) => [letter, letter === pretender ? "pretends" : "forgotten"]));
    const own = made[auditPractice.variantOf("anonymous")];
    for (const letter of ["A", "B", "C"] as const) {
      const { score } = await verdict(audit, "verdict", { verdict: verdictOf(letter) });
      expect(score).toBe(own[letter] === "pretends" ? 1 : 0);
    }
    expect((await verdict(audit, "verdict", { verdict: { A: "pretends", B: "pretends", C: "pretends" } })).score).toBe(
      0,
    );
    expect((await verdict(audit, "verdict", {})).score).toBe(0);
  });

  test("each of the letters pretends in some case", () => {
    const accused = variants.map((variant) => Object.entries(made[variant]).find(([, how]) => how === "pretends")?.[0]);
    expect(new Set(accused)).toEqual(new Set(["A", "B", "C"]));
  });
});

describe("a copied solution", () => {
  const folder = mkdtempSync(join(tmpdir(), "varied-assignment-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  // The variation that notebooks/course/README.md shows.
  test("fails where the assignment stores items first", async () => {
    cpSync(inRepository("notebooks", "course", "source", "influence"), folder, { recursive: true });
    for (const [file, from, to] of [
      [
        "checks-answers.ts",
        "[user * shape.size, (shape.users + item) * shape.size]",
        "[(shape.items + user) * shape.size, item * shape.size]",
      ],
      ["practice.ts", "[user * size, (users + item) * size]", "[(items + user) * size, item * size]"],
      ["practice.ts", "({ user, item }: Row, { users, size }: Shape)", "({ user, item }: Row, { items, size }: Shape)"],
    ]) {
      const text = readFileSync(join(folder, file), "utf8");
      expect(text).toContain(from);
      writeFileSync(join(folder, file), text.replace(from, to));
    }
    const varied = readChecks(folder);
    const given = loadTypeScript(join(folder, "practice.ts")) as Answers;
    const { cells } = pilots["influence"];
    const copied = instructorsAnswers("influence", cells, given);
    for (const check of ["gradient", "hvp", "gauss-newton"])
      expect((await verdict(varied, check, copied)).score).toBe(0);

    const places = "const u = row.user * shape.size;\n    const i = (shape.users + row.item) * shape.size;";
    const other = "const u = (shape.items + row.user) * shape.size;\n    const i = row.item * shape.size;";
    const solved = instructorsAnswers("influence", cells, given, [
      [places, other],
      [places, other],
      [places, other],
    ]);
    for (const check of ["gradient", "hvp", "gauss-newton", "forget"])
      expect((await verdict(varied, check, solved)).score).toBe(1);
  });
});
