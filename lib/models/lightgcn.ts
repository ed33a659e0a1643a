import { InvalidArgumentError, Random, requireNumber } from "../core";
import { requireFiniteParameters } from "./finite";
import { createWorkspace } from "../engine";
import { InteractionGraph } from "./interaction-graph";
import { Mf } from "./mf";
import { loadModelAs, type NamedTensor, saveModel, type StoredTensors, tensorNamed } from "./model-file";
import { Propagation } from "./propagation";
import type { Parameter } from "./recommender";
import type { ReplaceableParameters } from "./row-update";

/** What a new LightGCN model is made from. */
export interface LightGcnInitialisation {
  readonly graph: InteractionGraph;
  readonly embeddingSize: number;
  /** How many times embeddings are aggregated over the graph; 0 is matrix factorisation. */
  readonly layerCount: number;
  /** Standard deviation of the normal distribution the embeddings are drawn from; its mean is 0. */
  readonly initialDeviation: number;
  readonly seed: number;
}

/**
 * LightGCN (He et al., SIGIR 2020): the layer-0 embeddings of users and items are the only parameters; final embeddings
 * are the mean over layers 0 … `layerCount` of their aggregation over the graph, and the score is the dot product of
 * final embeddings. The graph belongs to the model: forgetting an interaction means to lose its edge as well. Trained
 * by `fitLightGcn`.
 */
export class LightGcn implements ReplaceableParameters<LightGcn> {
  static readonly kind = "lightgcn";
  readonly kind = LightGcn.kind;
  readonly userCount: number;
  readonly itemCount: number;
  /** Layer 0 of the users, a part of `nodeEmbedding`, `[userCount, embeddingSize]`. */
  readonly userEmbedding: Float32Array;
  /** Layer 0 of the items, a part of `nodeEmbedding`, `[itemCount, embeddingSize]`. */
  readonly itemEmbedding: Float32Array;

  /**
   * @param nodeEmbedding layer 0, users first, row-major `[userCount + itemCount, embeddingSize]`; kept, not copied
   * @throws InvalidArgumentError when it is not one row for each node of the graph
   */
  constructor(
    readonly nodeEmbedding: Float32Array,
    readonly graph: InteractionGraph,
    readonly embeddingSize: number,
    readonly layerCount: number,
  ) {
    requireNumber("embeddingSize", embeddingSize, { min: 1, integer: true });
    requireNumber("layerCount", layerCount, { min: 0, integer: true });
    this.userCount = graph.userCount;
    this.itemCount = graph.itemCount;
    if (nodeEmbedding.length !== graph.nodeCount * embeddingSize)
      throw new InvalidArgumentError(`there are ${nodeEmbedding.length} values for ${graph.nodeCount} nodes`, {
        remedy: `give ${embeddingSize} for each node, users first`,
      });
    requireFiniteParameters(this.kind, [{ name: "nodeEmbedding", values: nodeEmbedding }]);
    const split = this.userCount * embeddingSize;
    this.userEmbedding = nodeEmbedding.subarray(0, split);
    this.itemEmbedding = nodeEmbedding.subarray(split);
  }

  /** A model with random embeddings; equal seeds give equal bytes. */
  static initialise(initialisation: LightGcnInitialisation): LightGcn {
    const { graph, embeddingSize, layerCount, initialDeviation, seed } = initialisation;
    const random = Random.derive(seed, "lightgcn initialisation");
    const embedding = random.fillNormal(new Float32Array(graph.nodeCount * embeddingSize), initialDeviation);
    return new LightGcn(embedding, graph, embeddingSize, layerCount);
  }

  parameters(): readonly Parameter[] {
    const { userEmbedding, itemEmbedding, embeddingSize } = this;
    return [
      { name: "userEmbedding", shape: [this.userCount, embeddingSize], values: userEmbedding },
      { name: "itemEmbedding", shape: [this.itemCount, embeddingSize], values: itemEmbedding },
    ];
  }

  /** The final embeddings, as the matrix factorisation that gives the same scores. */
  propagated(): Mf {
    const workspace = createWorkspace();
    try {
      const [embedding, out] = [workspace.copyOf(this.nodeEmbedding), workspace.float32(this.nodeEmbedding.length)];
      new Propagation(workspace, this.graph.adjacency(), this.layerCount, this.embeddingSize).apply(embedding, out);
      const split = this.userEmbedding.length;
      return new Mf(out.slice(0, split), out.slice(split), this.embeddingSize);
    } finally {
      workspace.dispose();
    }
  }

  /**
   * Propagates over the whole graph and scores; to score often, keep `propagated()`.
   *
   * @throws InvalidArgumentError for columns of different lengths and ids the model does not know
   */
  score(users: Int32Array, items: Int32Array): Float32Array {
    return this.propagated().score(users, items);
  }

  withParameters(replaced: ReadonlyMap<string, Float32Array>): LightGcn {
    const embedding = new Float32Array(this.nodeEmbedding.length);
    embedding.set(replaced.get("userEmbedding") ?? this.userEmbedding);
    embedding.set(replaced.get("itemEmbedding") ?? this.itemEmbedding, this.userEmbedding.length);
    return new LightGcn(embedding, this.graph, this.embeddingSize, this.layerCount);
  }

  /** The same parameters over another graph of the same nodes. */
  withGraph(graph: InteractionGraph): LightGcn {
    return new LightGcn(this.nodeEmbedding, graph, this.embeddingSize, this.layerCount);
  }

  /** What a file of it holds: the parameters, the edges of the graph, the number of layers. */
  tensors(): readonly NamedTensor[] {
    const { edgeUser, edgeItem } = this.graph;
    return [
      ...this.parameters(),
      { name: "edgeUser", shape: [edgeUser.length], values: edgeUser },
      { name: "edgeItem", shape: [edgeItem.length], values: edgeItem },
      { name: "layerCount", shape: [1], values: Int32Array.of(this.layerCount) },
    ];
  }

  /** The model of some tensors. @throws InvalidArgumentError when they are not those of a LightGCN model */
  static fromTensors(tensors: StoredTensors): LightGcn {
    const [p, q] = ["userEmbedding", "itemEmbedding"].map((name) => tensorNamed(tensors, name, Float32Array, 2));
    const [user, item, layerCount] = ["edgeUser", "edgeItem", "layerCount"].map((name) =>
      tensorNamed(tensors, name, Int32Array, 1),
    );
    const graph = new InteractionGraph(p.shape[0], q.shape[0], user.values, item.values);
    const embedding = new Float32Array(p.values.length + q.values.length);
    embedding.set(p.values);
    embedding.set(q.values, p.values.length);
    return new LightGcn(embedding, graph, p.shape[1], layerCount.values[0]);
  }

  /** Writes parameters and graph to a file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    await saveModel(path, this.kind, this.tensors());
  }

  /**
   * Reads a model that `save` wrote.
   *
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is no LightGCN model or is damaged
   */
  static async load(path: string): Promise<LightGcn> {
    return loadModelAs(path, LightGcn);
  }
}
