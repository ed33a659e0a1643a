import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CorruptFileError, InvalidArgumentError, NotFoundError, Random } from "../../lib/core";
import { createWorkspace } from "../../lib/engine";
import {
  AttentionAggregation,
  attentionSize,
  attentionWeights,
  Ensemble,
  InteractionGraph,
  initialAttention,
  LightGcn,
  Mf,
  saveModel,
} from "../../lib/models";

const [userCount, itemCount, width, shards] = [4, 3, 4, 3];
const shape = { shards, width, attentionWidth: 2 };
const pairs = {
  users: Int32Array.from({ length: userCount * itemCount }, (_, k) => Math.floor(k / itemCount)),
  items: Int32Array.from({ length: userCount * itemCount }, (_, k) => k % itemCount),
};
const random = Random.fromSeed(5);
const table = (length: number) => random.fillNormal(new Float32Array(length), 1);
const members = Array.from({ length: shards }, () => new Mf(table(userCount * width), table(itemCount * width), width));

/** Equations of `AttentionAggregation` for one node, in float64 and in words. */
function aggregateNode(all: Float32Array, side: "user" | "item", embeddings: Float32Array[]): number[] {
  const { transform, transformBias, [side]: own } = attentionWeights(all, shape);
  const transformed = embeddings.map((e, k) =>
    Array.from({ length: width }, (_, j) =>
      e.reduce((sum, x, i) => sum + x * transform[(k * width + i) * width + j], transformBias[k * width + j]),
    ),
  );
  const weights = transformed.map((t) => {
    const energy = Array.from(own.output, (h, j) => {
      const z = t.reduce((sum, x, i) => sum + x * own.hidden[i * own.output.length + j], own.hiddenBias[j]);
      return h * Math.max(0, z);
    });
    return Math.exp(energy.reduce((sum, value) => sum + value, 0));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return transformed[0].map((_, j) => transformed.reduce((sum, t, k) => sum + (weights[k] / total) * t[j], 0));
}

describe("an ensemble", () => {
  it("scores by the mean, and by its only member alone", () => {
    const { users, items } = pairs;
    const scores = members.map((member) => member.score(users, items));
    new Ensemble(members).score(users, items).forEach((score, k) => {
      expect(score).toBeCloseTo(scores.reduce((sum, some) => sum + some[k], 0) / shards, 5);
    });
    expect(new Ensemble([members[0]]).score(users, items)).toEqual(scores[0]);
  });

  it("scores by attention over its members' embeddings, also where those are propagated", () => {
    const graph = new InteractionGraph(userCount, itemCount, Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 2));
    const graphs = members.map(() => new LightGcn(table((userCount + itemCount) * width), graph, width, 2));
    const attention = table(attentionSize(shape));
    for (const some of [members, graphs]) {
      const ensemble = new Ensemble<Mf | LightGcn>(some as never, attention);
      const of = (side: "user" | "item", id: number) => {
        const name = side === "user" ? "userEmbedding" : "itemEmbedding";
        const rows = some.map((member) => member.propagated()[name].subarray(id * width, (id + 1) * width));
        return aggregateNode(attention, side, rows);
      };
      ensemble.score(pairs.users, pairs.items).forEach((score, k) => {
        const q = of("item", pairs.items[k]);
        expect(score).toBeCloseTo(
          of("user", pairs.users[k]).reduce((sum, value, j) => sum + value * q[j], 0),
          3,
        );
      });
    }
  });

  it("names every member's parameters, and takes others for some of them", () => {
    const ensemble = new Ensemble(members, initialAttention(shape, 1));
    const names = ensemble.parameters().map((parameter) => parameter.name);
    expect(names).toEqual(
      [0, 1, 2].flatMap((k) => [`shard${k}.userEmbedding`, `shard${k}.itemEmbedding`]).concat("attention"),
    );
    const replaced = new Map([["shard1.itemEmbedding", new Float32Array(itemCount * width)]]);
    const other = ensemble.withParameters(replaced);
    expect(other.members[1].itemEmbedding.every((value) => value === 0)).toBe(true);
    expect(other.members[1].userEmbedding).toEqual(members[1].userEmbedding);
    expect(other.members[2].itemEmbedding).toEqual(members[2].itemEmbedding);
    expect(other.attention).toEqual(ensemble.attention);
  });

  it("refuses to be empty, members of different sizes, and attention of another size", () => {
    expect(() => new Ensemble([])).toThrow(InvalidArgumentError);
    expect(() => new Ensemble([members[0], new Mf(table(width), table(width), width)])).toThrow(/different numbers/);
    expect(() => new Ensemble(members, new Float32Array(3))).toThrow(InvalidArgumentError);
    expect(() => new Ensemble(members).propagated()).toThrow(/mean of scores/);
  });
});

describe("an ensemble's file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ensemble-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const graph = new InteractionGraph(userCount, itemCount, Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 2));
  const graphs = members.map(() => new LightGcn(table((userCount + itemCount) * width), graph, width, 2));

  it("gives back members, graphs and attention", async () => {
    const path = join(folder, "saved.safetensors");
    for (const attention of [null, initialAttention(shape, 1)]) {
      await new Ensemble(members, attention).save(path);
      const factors = await Ensemble.load(path, Mf);
      expect(factors).toEqual(new Ensemble(members, attention));
      await new Ensemble(graphs, attention).save(path);
      const propagated = await Ensemble.load(path, LightGcn);
      expect(propagated.parameters()).toEqual(new Ensemble(graphs, attention).parameters());
      expect(propagated.score(pairs.users, pairs.items)).toEqual(
        new Ensemble(graphs, attention).score(pairs.users, pairs.items),
      );
    }
  });

  it("is refused when it is damaged, missing, or of other models", async () => {
    const path = join(folder, "damaged.safetensors");
    await new Ensemble(members).save(path);
    await expect(Ensemble.load(path, LightGcn)).rejects.toThrow(/"ensemble of mf"/);
    await expect(Mf.load(path)).rejects.toThrow(CorruptFileError);
    const content = await readFile(path);
    for (const at of [3, 40, content.length - 1]) {
      const damaged = Buffer.from(content);
      damaged[at] ^= 0x10;
      await writeFile(path, damaged);
      await expect(Ensemble.load(path, Mf)).rejects.toThrow(CorruptFileError);
    }
    await writeFile(path, content.subarray(0, content.length - 1));
    await expect(Ensemble.load(path, Mf)).rejects.toThrow(CorruptFileError);
    await expect(Ensemble.load(join(folder, "nothing.safetensors"), Mf)).rejects.toThrow(NotFoundError);
  });

  it.each([
    ["no member", []],
    ["a shard left out", new Ensemble(members).tensors().filter(({ name }) => !name.startsWith("shard1."))],
    ["half a member", new Ensemble(members).tensors().slice(1)],
    ["a number beyond all shards", [...new Ensemble(members).tensors(), named("shard999999999.userEmbedding")]],
    ["a name without a shard", [...new Ensemble(members).tensors(), named("userEmbedding")]],
    ["attention of another size", [...new Ensemble(members).tensors(), named("attention")]],
  ])("is refused with %s, its checksum right", async (_what, tensors) => {
    const path = join(folder, "wrong.safetensors");
    await saveModel(path, "ensemble of mf", tensors);
    await expect(Ensemble.load(path, Mf)).rejects.toThrow(CorruptFileError);
  });
});

function named(name: string) {
  return { name, shape: [1], values: Float32Array.of(1) };
}

describe("the attention's gradient", () => {
  const workspace = createWorkspace();
  afterAll(() => workspace.dispose());

  it.each(["user", "item"] as const)("is what finite differences give (%s)", (side) => {
    const nodes = 5;
    const embeddings = workspace.copyOf(table(shards * nodes * width));
    const direction = workspace.copyOf(table(nodes * width));
    const all = workspace.copyOf(table(attentionSize(shape)));
    const aggregation = new AttentionAggregation(workspace, shape, nodes);
    const out = workspace.float32(nodes * width);
    const gradient = attentionWeights(workspace.float32(all.length), shape);
    aggregation.forward(attentionWeights(all, shape), side, embeddings, out);
    aggregation.backward(attentionWeights(all, shape), side, embeddings, direction, gradient);
    const value = (weights: Float32Array) => {
      let sum = 0;
      for (let node = 0; node < nodes; node++) {
        const rows = Array.from({ length: shards }, (_, k) => {
          const at = (k * nodes + node) * width;
          return embeddings.subarray(at, at + width);
        });
        aggregateNode(weights, side, rows).forEach((x, j) => (sum += x * direction[node * width + j]));
      }
      return sum;
    };
    const h = 2 ** -10;
    gradient.all.forEach((slope, k) => {
      const moved = [h, -h].map((step) => value(all.map((x, n) => (n === k ? x + step : x))));
      expect(slope).toBeCloseTo((moved[0] - moved[1]) / (2 * h), 2);
    });
  });
});
