import { describe, expect, it } from "vitest";
import type { Options } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { problemFor } from "./generated";

const { requests } = builtInParts.tasks["ratings"];
/** Those whose rows are forgotten; `attribution.test.ts` has those that leave rows out case by case. */
const kinds = Object.keys(requests).filter((kind) => !["subsets", "leave-one-out", "leave-user-out"].includes(kind));
const rowsOf = async (request: Parameters<typeof problemFor>[0], seed?: number) => {
  const { request: asked } = await problemFor(request, seed);
  return [...asked.forgetRows];
};

describe("every kind of request", () => {
  it.each(kinds)("%s asks for rows of the training set, ascending, each once; twice the same", async (kind) => {
    const { split, request } = await problemFor({ kind });
    const rows = [...request.forgetRows];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
    expect(rows.every((row) => row < split.train.user.length)).toBe(true);
    expect(request.train).toBe(split.train);
    expect(split.trueLabel).toHaveLength(split.train.user.length);
    const parts = request.parts.flatMap((part) => [...part]);
    expect([...request.forgottenBefore, ...parts].sort((a, b) => a - b)).toEqual(rows);
    expect(await rowsOf({ kind })).toEqual(rows);
    expect(requests[kind].label({ kind, ...(requests[kind].options.defaults() as Options) })).not.toContain(
      "undefined",
    );
  });

  it.each(kinds)("%s asks for something else with another seed only where it says so", async (kind) => {
    const same = JSON.stringify(await rowsOf({ kind }, 1)) === JSON.stringify(await rowsOf({ kind }, 2));
    expect(same).toBe(requests[kind].drawnBySeed !== true);
  });
});

describe("a request about", () => {
  it("an item asks for all its rows, and for it to vanish from recommendations", async () => {
    const { request } = await problemFor({ kind: "item" });
    const items = new Set(Array.from(request.forgetRows, (row) => request.train.item[row]));
    expect([...items]).toEqual([...(request.exposure?.items ?? [])]);
    expect(request.forgetRows).toHaveLength(request.train.item.filter((item) => items.has(item)).length);
  });

  it("users takes the most or the least active with all their rows", async () => {
    const { request } = await problemFor({ kind: "users", choice: "most-active", share: 0.05 });
    const most = await rowsOf({ kind: "users", choice: "most-active", share: 0.05 });
    const least = await rowsOf({ kind: "users", choice: "least-active", share: 0.05 });
    expect(most.length).toBeGreaterThan(least.length);
    const users = new Set(most.map((row) => request.train.user[row]));
    expect(users.size).toBe(6);
    expect(most).toHaveLength(request.train.user.filter((user) => users.has(user)).length);
  });

  it("sensitive items leaves the rows of users who did not ask", async () => {
    const { request } = await problemFor({ kind: "sensitive", itemShare: 0.1, userShare: 0.3 });
    const { items, users } = request.exposure ?? { items: [], users: [] };
    expect([items.length, users.length]).toEqual([9, 36]);
    for (const row of request.forgetRows) {
      expect([...items]).toContain(request.train.item[row]);
      expect([...users]).toContain(request.train.user[row]);
    }
  });

  it("spam plants it first: the true rows keep their numbers, valid and test know the invented users' ids", async () => {
    const [{ split, request }, { split: before }] = [await problemFor({ kind: "spam" }), await problemFor({})];
    const trueRows = before.train.user.length;
    expect([...split.train.item.slice(0, trueRows)]).toEqual([...before.train.item]);
    expect(request.forgetRows[0]).toBe(trueRows);
    expect(Math.min(...Array.from(request.forgetRows, (row) => split.train.user[row]))).toBe(before.train.userCount);
    expect(split.test.userCount).toBe(split.train.userCount);
  });
});

describe("a stream", () => {
  it("asks for more each quarter, what was asked before among it", async () => {
    const quarters = await Promise.all(
      [1, 2, 3, 4].map((quarter) => problemFor({ kind: "stream", quarter, requests: 8 })),
    );
    let before: number[] = [];
    for (const { request } of quarters) {
      expect([...request.forgottenBefore]).toEqual(before);
      expect(request.parts).toHaveLength(2);
      before = [...request.forgetRows];
    }
    const { previous } = requests["stream"];
    expect(previous?.({ kind: "stream", quarter: 3 })).toMatchObject({ quarter: 2 });
    expect(previous?.({ kind: "stream", quarter: 1 })).toBeNull();
  });

  it.each(["users", "items"] as const)("of %s asks for all rows of each", async (of) => {
    const { request } = await problemFor({ kind: "stream", of, requests: 8 });
    const ids = of === "users" ? request.train.user : request.train.item;
    const asked = new Set(Array.from(request.forgetRows, (row) => ids[row]));
    expect(asked.size).toBe(8);
    expect(request.forgetRows).toHaveLength(ids.filter((id) => asked.has(id)).length);
  });
});
