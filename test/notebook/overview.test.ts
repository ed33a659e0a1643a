// What a value of ours shows of itself in a notebook, and that nobody else's object is taken for one.
import { beforeAll, describe, expect, it } from "vitest";
import { cau, data, ifru, models, training } from "recsys-unlearning";
import { displayBundle } from "recsys-unlearning/core";
import { bundleOf, danfo, overview, toFrame } from "recsys-unlearning/notebook";

const generated = { userCount: 60, itemCount: 30, interactionsPerUser: 12, sessionLength: 8 };
const every = data.generateInteractions(generated);
// A number of rows that stays, whatever is generated.
const interactions = data.selectRows(
  every,
  Int32Array.from({ length: 720 }, (_, row) => row),
);
const dataset: data.Dataset = {
  ...{ name: "<b>mine</b>", interactions, dataHash: data.dataHash(interactions), source: "generated" },
  ...{ droppedRows: { "no item": 3 }, leftOut: {}, repeatedRows: 2, layout: { delimiter: "comma" } },
  ...{ gaps: ["no titles"], licence: null, citation: null },
};
const split = data.ifruSplit(interactions, { coreSize: 0, positiveAbove: 0, forgetFraction: 0.1 });
const { train, forgetRows } = split;
const sessionDataset = data.sessionDataset(dataset, { minRating: 0 });
const width = 4;
const request = { name: "a tenth", train, forgetRows };

function shown(value: unknown): { text: string; html: string } {
  const content = displayBundle(overview(value))?.data;
  expect(content, "is not known").toBeDefined();
  return { text: String(content!["text/plain"]), html: String(content!["text/html"]) };
}

const values: Record<string, unknown> = {};
beforeAll(async () => {
  const mf = models.Mf.initialise({ ...train, embeddingSize: width, initialDeviation: 0.3, seed: 1 });
  const graph = models.InteractionGraph.of(train);
  const lightGcn = models.LightGcn.initialise({ graph, embeddingSize: width, layerCount: 1, initialDeviation: 0.3, seed: 1 }); // prettier-ignore
  const neuralMf = models.NeuralMf.initialise({ ...train, embeddingSize: width, hiddenSize: 3, initialDeviation: 0.3, seed: 1 }); // prettier-ignore
  const valid = { ...split.valid, label: split.valid.label.map((_, row) => row % 2) };
  const prepared = await ifru.ifru.prepare(mf, train, { damping: 0.01 });
  const answer = await ifru.ifru.unlearn(mf, request, {}, prepared);
  const gru = models.SessionModel.initialise("gru4rec", sessionDataset.train.itemCount, {
    embeddingSize: 4,
    maxLength: 5,
  });
  const sessionRows = data.sessionItemRows(sessionDataset.train, 0.3, 1);
  const sessionRequest = { name: "events", train: sessionDataset.train, forgetRows: sessionRows, samples: data.forgetSamples(sessionDataset.train, sessionRows) }; // prettier-ignore
  Object.assign(values, {
    ...{ interactions, dataset, split, request, sessionDataset, mf, lightGcn, neuralMf, prepared, answer, gru },
    parts: { train: split.train, valid: split.valid, test: split.test },
    sessions: sessionDataset.train,
    sessionParts: { train: sessionDataset.train, valid: sessionDataset.valid, test: sessionDataset.test },
    sasrec: models.SessionModel.initialise("sasrec", 30, { embeddingSize: 4, maxLength: 5 }),
    bert4rec: models.SessionModel.initialise("bert4rec", 30, { embeddingSize: 4, maxLength: 5 }),
    ensemble: new models.Ensemble([mf, mf]),
    fit: await training.fitMf(train, valid, { embeddingSize: width, epochs: 2 }),
    update: answer.update,
    nothingAsked: await ifru.ifru.unlearn(mf, { ...request, forgetRows: Int32Array.of() }, {}, prepared),
    preparedGraph: await ifru.ifruLightGcn.prepare(lightGcn, train, { damping: 0.01 }),
    newModel: { ...answer, update: { kind: "model", model: mf } },
    explanation: await ifru.explain(mf, prepared, { train, user: 1, item: 2 }),
    effect: ifru.effectOf(mf, prepared, { train, row: 3 }),
    selfInfluence: await ifru.selfInfluence(mf, prepared, train),
    rowSelfInfluence: {
      rows: Int32Array.of(9, 4),
      influence: Float64Array.of(0.5, 2),
      ranking: Int32Array.of(4, 9),
      damping: 0.01,
    },
    sessionRequest,
    sessionAnswer: await cau.cau.unlearn(gru, sessionRequest, { epochs: 1, select: "last" }),
    nextExplanation: await ifru.explainNext(gru, {
      train: sessionDataset.train,
      history: Int32Array.of(1, 2),
      item: 3,
    }),
  });
});

const facts: readonly [name: string, line: RegExp, more: RegExp][] = [
  ["interactions", /^interactions: 720 rows, 57 users, 30 items, /, /^row +user +item +label/m],
  ["dataset", /^dataset <b>mine<\/b>: 720 rows, 57 users, 30 items$/m, /^left out +3 \(no item\)$/m],
  ["split", /^IFRU split: 44 of 432 training rows to forget \(10\.2 %\), 44 of them with a flipped label$/m, /^· to retain +388/m], // prettier-ignore
  ["parts", /^split: 432 rows, /, /^valid +\d/m],
  ["request", /^request to forget "a tenth": 44 of 432 training rows \(10\.2 %\)$/m, /^row +user/m],
  ["sessions", /^sessions: \d+ sessions, \d+ events, 30 items, \d+ to \d+ events long/, /^session +events +items$/m],
  ["sessionDataset", /^session dataset <b>mine<\/b>: 57 sessions of 720 rows, 30 items$/m, /^train +\d+/m],
  ["sessionParts", /^split of sessions: /, /^test +\d+/m],
  ["sessionRequest", /^request to forget "events": \d+ events of \d+ sessions/, /^/],
  ["mf", /^MF model: 57 users, 30 items, embedding size 4, 348 parameters$/m, /^itemEmbedding +30 × 4 /m],
  ["lightGcn", /^LightGCN model: 57 users, 30 items, embedding size 4, 1 layer, 348 parameters$/m, /^userEmb/m],
  ["neuralMf", /^neural MF model: 57 users, 30 items, embedding size 4, hidden size 3, /, /^hiddenBias +3 /m],
  ["gru", /^GRU4Rec model: 30 items, embeddingSize 4, maxLength 5, /, /^outputBias +31 /m],
  ["sasrec", /^SASRec model: 30 items, /, /^\w+ +\d/m],
  ["bert4rec", /^BERT4Rec model: 30 items, /, /^\w+ +\d/m],
  ["ensemble", /^ensemble model: 2 members, .*696 parameters$/m, /^shard1\.itemEmbedding +30 × 4/m],
  ["fit", /^trained MF: .*2 epochs \(until the limit of epochs, .* s\), the best is \d, AUC /, /^last +2 /m],
  ["prepared", /^prepared for influence: 432 training rows, lambda 0\.01, as given$/m, /^of the rows +\w{12}…$/m],
  ["preparedGraph", /^prepared for influence: 432 training rows, 57 users, .* after propagation, lambda 0\.01/, /^seconds +pr/m], // prettier-ignore
  ["answer", /^answer in .* s: new values for \d+ rows of userEmbedding, \d+ rows of itemEmbedding$/m, /^converged +yes$/m], // prettier-ignore
  ["update", /^update: new values for /, /^userEmbedding +\d+ +\d+/m],
  ["nothingAsked", /^answer in .* s: nothing changes, as where nothing was asked to be forgotten$/m, /^rows touched +0$/m], // prettier-ignore
  ["newModel", /^answer in .* s: a new MF model: 57 users/, /^rows touched +\d+$/m],
  ["sessionAnswer", /^answer in .* s: a new GRU4Rec model: 30 items|^answer in .* s: new values/, /^bestEpoch +\d+$/m],
  ["explanation", /^why item 2 for user 1: score .*, \d+ rows for it, \d+ against it \(lambda 0\.01\)$/m, /at once +–/],
  ["nextExplanation", /^why item 3 next: score /, /^for +\d+ +\d+/m],
  ["effect", /^what row 3 did \(user \d+, item \d+, label [01]\): its own score changes by /, /^its item +\d+/m],
  ["rowSelfInfluence", /^self-influence of 2 training rows \(lambda 0\.01\)$/m, /^1 +4 +2\b/m],
  ["selfInfluence", /^self-influence of 432 training rows \(lambda 0\.01\)$/m, /^1 +\d+ +0?\.?\d/m],
];

describe("shows facts and a small table", () => {
  it.each(facts)("%s", (name, line, more) => {
    const { text, html } = shown(values[name]);
    expect(text).toMatch(line);
    expect(text).toMatch(more);
    expect(text.split("\n").length).toBeLessThan(32);
    expect(text).not.toMatch(/Float32Array|Int32Array|\[object|undefined|NaN/);
    expect(html).not.toContain("<b>");
    expect(html).toMatch(/^<p(re style="[^"]*")?>.*<\/p/);
    // The same outside of our kernel.
    expect(bundleOf(values[name]).data["text/plain"]).toBe(text);
  });

  it("for every kind that is listed above", () => {
    expect(facts.map(([name]) => name).sort()).toEqual(Object.keys(values).sort());
  });

  it("as the value itself has them", () => {
    const { text } = shown(values["selfInfluence"]);
    const { influence, ranking } = values["selfInfluence"] as ifru.SelfInfluence;
    const most = Math.max(...influence);
    expect(influence[ranking[0]]).toBe(most);
    expect(text).toContain(`${ranking[0]}`);
    expect(shown(interactions).text).toContain(interactions.items.toRaw(interactions.item[4]));
  });
});

describe("does not take another object for one of ours", () => {
  /** One change of each object: a field too many, one too few, one of another type. */
  const alike = (value: object): object[] => [
    { ...value, more: 1 },
    ...Object.keys(value).flatMap((key) => {
      const { [key]: _left, ...rest } = value as Record<string, unknown>;
      return [rest, { ...value, [key]: "something else" }];
    }),
    new Proxy(value, {}),
    Object.assign(new (class Own {})(), value),
  ];
  const plain = ["interactions", "dataset", "split", "request", "sessions", "sessionDataset", "fit", "prepared", "answer", "update", "explanation", "nextExplanation", "effect", "selfInfluence"]; // prettier-ignore
  /** What may change without making it another kind of thing: texts, free values, fields that may be left out. */
  const free = /^(source|licence|citation|gaps|name|time|damping|calibration|seconds|options|label|diagnostics|item|user|dataHash|splitHash|bestValidation|epochs|validationAuc)$/; // prettier-ignore

  it.each(plain)("%s", (name) => {
    const value = values[name] as Record<string, unknown>;
    for (const other of alike(value)) {
      const changed = Object.keys(value).filter((key) => (other as Record<string, unknown>)[key] !== value[key]);
      if (changed.length > 0 && changed.every((key) => free.test(key))) continue;
      const found = displayBundle(overview(other))?.data["text/plain"];
      // What is left of it may be large; then it is shortened as a person's own object.
      if (found !== undefined) expect(found, changed.join()).toMatch(/^an object of \d+ fields, shortened/);
    }
  });

  it("models", () => {
    for (const value of [
      { kind: "mf" },
      { ...(values["mf"] as object) },
      { kind: "mf", score() {}, parameters: () => [] },
    ])
      expect(overview(value)).toBeUndefined();
    class Mine {
      kind = "mf";
      score() {}
      save() {}
      parameters(): unknown[] {
        return [{ name: "p", shape: [2], values: new Float32Array(3) }];
      }
    }
    expect(overview(new Mine())).toBeUndefined();
  });

  it("plain things of a person", () => {
    const pair = { user: Int32Array.of(1), item: Int32Array.of(2), label: Float32Array.of(1) };
    const own = [pair, { train: [1], valid: [2], test: [3] }, { update: {}, cost: {}, diagnostics: {} }, { kind: "rows", updates: 1 }, new Map([[1, 2]]), [1, 2], null, undefined, "text", 1, () => 1, Int32Array.of(1, 2), new Date(0), new Error("mine")]; // prettier-ignore
    for (const value of own) expect(overview(value)).toBeUndefined();
  });

  it("and runs nothing of it", () => {
    let runs = 0;
    const spied = Object.defineProperty({ ...interactions }, "user", { enumerable: true, get: () => runs++ });
    // Where it is large, it is shortened.
    const found = displayBundle(overview(spied))?.data["text/plain"];
    if (found !== undefined) expect(found).toContain("user: (computed when read)");
    overview(new Proxy(interactions, { get: () => runs++, ownKeys: () => (runs++, []) }));
    expect(runs).toBe(0);
  });
});

describe("a long typed array and a large object", () => {
  it("are shortened, with what was left out", () => {
    expect(shown(Float32Array.from({ length: 1000 }, (_, k) => (k === 5 ? NaN : k % 10))).text).toMatch(
      /^Float32Array\(1,000\): 0 to 9, mean 4\.499, 1 NaN; 0 {2}1 {2}2 .* … 990 more$/,
    );
    const nested = Object.fromEntries(Array.from({ length: 100 }, (_, k) => [`key${k}`, { list: new Int32Array(99) }]));
    const lines = shown(nested).text.split("\n");
    expect(lines).toHaveLength(42);
    expect([lines[0], lines[41]]).toEqual(["an object of 100 fields, shortened", "  … 60 more fields"]);
    const rows = Array.from({ length: 500 }, (_, row) => ({ row, at: { x: "a word ".repeat(9) } }));
    expect(shown(rows).text).toMatch(
      /^a list of 500, shortened\n {2}\{ row: 0, at: \[Object\] \}\n[^]*… 490 more entries$/,
    );
  });

  it("are left alone where they are short", () => {
    for (const value of [new Float32Array(60), new BigInt64Array(100), Buffer.alloc(100), { a: 1 }, Array(100).fill(1)])
      expect(overview(value)).toBeUndefined();
  });
});

describe("danfo.js", () => {
  const frame = () => toFrame(interactions);
  it("frames of a module that was imported without ours, and groups, show themselves", () => {
    const bare = Object.create(null, {}) as object;
    expect(overview(bare)).toBeUndefined();
    expect(shown(frame()).text).toMatch(/720 rows × \d columns, the first 20 shown$/);
    const groups = shown(frame().groupby(["item"])).text;
    expect(groups).toMatch(/^item +rows$/m);
    expect(groups).toMatch(/30 groups by item, of 720 rows, the first 20 shown$/);
    expect(shown(danfo().toJSON === undefined ? [] : frame().column("user").valueCounts()).text).toMatch(/57 rows/);
  });
});
