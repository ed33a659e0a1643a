import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { core, data, metrics, models, recommendations } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf } from "../data/interactions.fixture";
import { temporaryFolder } from "../temporary-folders";
import { someOf } from "../long";

// two users, four items, embeddings of one number: anna likes high numbers, ben low ones
const train = interactionsOf([
  { user: "anna", item: "up" },
  { user: "anna", item: "saw" },
  { user: "ben", item: "heat" },
  { user: "cem", item: "ran" },
]);
const model = new models.Mf(Float32Array.of(1, -1, 0.5), Float32Array.of(4, 3, 2, 1), 1);
const titles = new Map([["up", "Up (2009)"]]);
const kept = recommendations.withIds(model, train, { titles, about: { epochs: 3 } });

const sessionRows = ["a", "b"].flatMap((user) =>
  ["x", "y", "z", "w"].map((item, k) => ({ user, item, label: 5, time: k })),
);
const sessions = data.toSessions(interactionsOf(sessionRows));
const { users } = interactionsOf(sessionRows);

describe("recommend", () => {
  test("gives what is not seen, best first, with raw ids and titles", async () => {
    const lists = await recommendations.recommend(kept, { users: ["ben", "anna"], k: 2 });
    expect([...lists]).toEqual([
      { user: "ben", rank: 1, item: "ran", title: null, score: -1 },
      { user: "ben", rank: 2, item: "saw", title: null, score: -3 },
      { user: "anna", rank: 1, item: "heat", title: null, score: 2 },
      { user: "anna", rank: 2, item: "ran", title: null, score: 1 },
    ]);
    const seen = await recommendations.recommend(kept, { users: ["anna"], k: 1, excludeSeen: false });
    expect([...seen][0]).toEqual({ user: "anna", rank: 1, item: "up", title: "Up (2009)", score: 4 });
  });

  test("everybody is asked for by default; candidates are all there is to choose from; short lists are counted", async () => {
    const lists = await recommendations.recommend(kept, { candidates: ["up", "heat"], k: 2 });
    expect(lists.of("anna")).toEqual(["heat"]);
    expect(lists.of("ben")).toEqual(["up"]);
    expect(lists.of("cem")).toEqual(["up", "heat"]);
    expect(lists.shorter).toEqual(["anna", "ben"]);
    expect(lists.table().toText()).toContain("2 of the lists are shorter");
  });

  test("as CSV, JSON Lines and table", async () => {
    const lists = await recommendations.recommend(kept, { users: ["cem"], k: 1 });
    expect(lists.toCsv()).toBe("user,rank,item,title,score\r\ncem,1,up,Up (2009),2\r\n");
    expect(JSON.parse(lists.toJsonLines())).toEqual([...lists][0]);
    expect(lists.table().rows).toHaveLength(1);
  });

  test("a model without ids is refused by name", async () => {
    await expect(recommendations.recommend({} as never)).rejects.toThrow(/has no ids[\s\S]*withIds/);
  });

  test("unknown users and items are listed at once", async () => {
    await expect(recommendations.recommend(kept, { users: ["zoe", "anna", "yan"] })).rejects.toThrow(
      /no users "zoe", "yan"[\s\S]*such as "anna"/,
    );
    await expect(recommendations.recommend(kept, { candidates: ["1"] })).rejects.toThrow(/no items "1"/);
    await expect(recommendations.recommend(kept, { histories: [["up"]] })).rejects.toThrow(/knows no histories/);
    await expect(recommendations.recommend(kept, { k: 0 })).rejects.toThrow(core.InvalidOptionError);
  });

  test("after forgetting, what is gone is not seen, and who is gone has no name", async () => {
    const after = recommendations.withIds(model, train, { forgetRows: Int32Array.of(0, 2) });
    expect(after.users).toEqual(["anna", null, "cem"]);
    const lists = await recommendations.recommend(after, { users: ["anna"] });
    expect(lists.of("anna")).toEqual(["ran"]); // nobody is left who saw up or heat
    await expect(recommendations.recommend(after, { users: ["ben"] })).rejects.toThrow(/no users "ben"/);
  });

  test.each(["gru4rec", "sasrec", "bert4rec"] as const)(
    "%s: the next of a user or a history, seen left out",
    async (kind) => {
      const network = models.SessionModel.initialise(kind, 4, { embeddingSize: 8 });
      const own = recommendations.withIds(network, sessions, { users });
      expect((await recommendations.recommend(own, { users: ["a"] })).rows).toEqual([]);
      const lists = await recommendations.recommend(own, { histories: [["x", "y"], ["z"]], k: 3 });
      expect(lists.of("history 0").sort()).toEqual(["w", "z"]);
      expect(lists.of("history 1")).toHaveLength(3);
      const [first] = await recommendations.recommend(own, { histories: [["x", "y"]], k: 1, excludeSeen: false });
      const one = { item: Int32Array.of(0, 1), start: Int32Array.of(0), end: Int32Array.of(2) };
      const { items, scores } = await models.nextItems(network, one, 1);
      expect([first.item, first.score]).toEqual([own.items[items[0]], scores[0]]);
    },
  );
});

describe("a model with its ids", () => {
  const lightgcn = models.LightGcn.initialise({
    graph: new models.InteractionGraph(3, 4, train.user, train.item),
    ...{ embeddingSize: 2, layerCount: 1, initialDeviation: 1, seed: 1 },
  });
  const sizes = { userCount: 3, itemCount: 4, embeddingSize: 2, initialDeviation: 1, seed: 1 };
  const neural = models.NeuralMf.initialise({ ...sizes, hiddenSize: 2 });
  const mf = models.Mf.initialise(sizes);

  test.each<recommendations.KeptModel>([model, lightgcn, neural])(
    "of kind $kind comes back from its file and recommends the same",
    async (one) => {
      const path = join(temporaryFolder("recsys-with-ids-"), "m.safetensors");
      await recommendations.saveWithIds(path, recommendations.withIds(one, train, { titles, about: { seed: 1 } }));
      const back = await recommendations.loadWithIds(path);
      expect(back.model.kind).toBe(one.kind);
      expect(back).toMatchObject({ users: ["anna", "ben", "cem"], titles, about: { seed: 1 } });
      const lists = (of: recommendations.ModelWithIds) => recommendations.recommend(of);
      expect((await lists(back)).rows).toEqual((await lists(recommendations.withIds(one, train, { titles }))).rows);
    },
  );

  test("ensembles and session models too", async () => {
    const folder = temporaryFolder("recsys-with-ids-");
    const other = models.Mf.initialise({ ...sizes, seed: 2 });
    for (const one of [new models.Ensemble([mf, other]), new models.Ensemble([lightgcn])]) {
      const path = join(folder, "e.safetensors");
      await recommendations.saveWithIds(path, recommendations.withIds(one as recommendations.KeptModel, train));
      const { model: back } = await recommendations.loadWithIds(path);
      const pairs = [Int32Array.of(0, 1, 2), Int32Array.of(3, 0, 1)] as const;
      expect((back as models.Recommender).score(...pairs)).toEqual(one.score(...pairs));
    }
    const network = models.SessionModel.initialise("gru4rec", 4, { embeddingSize: 8 });
    const path = join(folder, "s.safetensors");
    await recommendations.saveWithIds(path, recommendations.withIds(network, sessions, { users }));
    const histories = [["x", "y"]];
    const back = await recommendations.recommend(await recommendations.loadWithIds(path), { histories });
    const own = recommendations.withIds(network, sessions, { users });
    expect(back.rows).toEqual((await recommendations.recommend(own, { histories })).rows);
  });

  test("another process loads and uses it", async () => {
    const path = join(temporaryFolder("recsys-with-ids-"), "m.safetensors");
    await recommendations.saveWithIds(path, kept);
    const built = JSON.stringify(core.inRepository("lib", "dist", "recommendations"));
    const program =
      `const { loadWithIds, recommend } = require(${built});` +
      `loadWithIds(process.argv[1]).then((m) => recommend(m, { users: ["ben"], k: 2 })).then((l) => process.stdout.write(l.toCsv()))`;
    const printed = execFileSync(process.execPath, ["-e", program, path], { encoding: "utf8" });
    expect(printed).toBe((await recommendations.recommend(kept, { users: ["ben"], k: 2 })).toCsv());
  });

  test("any byte that is changed, a cut file and other files are refused by name", async () => {
    const folder = temporaryFolder("recsys-with-ids-");
    const path = join(folder, "m.safetensors");
    await recommendations.saveWithIds(path, kept);
    const bytes = readFileSync(path);
    for (let at = 8; at < bytes.length; at += 37) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      writeFileSync(path, damaged);
      await expect(recommendations.loadWithIds(path), `byte ${at}`).rejects.toThrow(core.CorruptFileError);
    }
    writeFileSync(path, bytes.subarray(0, bytes.length - 3));
    await expect(recommendations.loadWithIds(path)).rejects.toThrow(core.CorruptFileError);
    await model.save(path);
    await expect(recommendations.loadWithIds(path)).rejects.toThrow(/a model without its ids/);
    await expect(recommendations.loadWithIds(join(folder, "none"))).rejects.toThrow(core.NotFoundError);
  });

  test("a model of other rows, sessions without users and other kinds are refused", () => {
    const small = new models.Mf(Float32Array.of(1), Float32Array.of(1), 1);
    expect(() => recommendations.withIds(small, train)).toThrow(/1 users and 1 items, the training set 3 and 4/);
    const network = models.SessionModel.initialise("gru4rec", 4, { embeddingSize: 8 });
    expect(() => recommendations.withIds(network, sessions)).toThrow(/name their items alone/);
    expect(() => recommendations.withIds({ kind: "popularity" } as never, train)).toThrow(/"popularity" is not kept/);
  });
});

const folder = process.env["RECSYS_DATA"] ?? "";
test.skipIf(folder === "").each(someOf(["ml-100k", "ml-1m"]))(
  "lists on %s are those of the full ranking",
  async (name) => {
    const { interactions } = await data.loadDataset(name);
    const { train: rows } = data.ifruSplit(interactions, { forgetFraction: 0 });
    const { userCount, itemCount } = rows;
    const random = models.Mf.initialise({ userCount, itemCount, embeddingSize: 8, initialDeviation: 1, seed: 3 });
    const own = recommendations.withIds(random, rows);
    const asked = [0, 17, userCount - 1];
    const lists = await recommendations.recommend(own, { users: asked.map((user) => rows.users.toRaw(user)), k: 20 });
    const ranking = new metrics.FullRanking(random, rows);
    for (const user of asked)
      expect(lists.of(rows.users.toRaw(user))).toEqual(
        Array.from(metrics.topItems(ranking.scores(user), 20), (item) => rows.items.toRaw(item)),
      );
  },
);
