import { readFile, stat } from "node:fs/promises";
import {
  canonicalJson,
  CorruptFileError,
  decodeTensors,
  encodeTensors,
  InvalidArgumentError,
  NotFoundError,
  sha256,
  type StoredTensor,
  writeFileAtomic,
} from "../core";
import { requireFiniteParameters } from "./finite";

/** A tensor and what it is called in the file. */
export interface NamedTensor extends StoredTensor {
  readonly name: string;
}

/** The arrays of a model file, by name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** A class of models that come back from files. */
export interface StoredModel<M> {
  readonly kind: string;
  /**
   * @param options what `saveModel` was given, or `null`
   * @throws InvalidArgumentError when the arrays do not make such a model
   */
  fromTensors(tensors: StoredTensors, options?: unknown): M;
}

/**
 * Saves a model's parameters, and what else makes it up, in safetensors layout, atomically, with its kind and a
 * checksum over names, shapes and values.
 *
 * @param path the file to write, by custom `….safetensors`
 * @param options what the model was made with, as JSON; goes into the checksum
 * @throws NumericalError for a value that is NaN or infinite; nothing is written
 * @example
 * await saveModel("model.safetensors", model.kind, model.parameters());
 */
export async function saveModel(
  path: string,
  kind: string,
  named: readonly NamedTensor[],
  options?: object,
): Promise<void> {
  requireFiniteParameters(kind, named);
  const tensors = new Map(named.map(({ name, shape, values }) => [name, { shape, values }]));
  const json = options === undefined ? undefined : canonicalJson(options);
  const metadata = { kind, ...(json === undefined ? {} : { options: json }), sha256: checksum(kind, tensors, json) };
  await writeFileAtomic(path, encodeTensors({ tensors, metadata }));
}

/**
 * Loads what `saveModel` wrote. Any change to the file is found by its checksum.
 *
 * @throws NotFoundError when there is no such file
 * @throws CorruptFileError when it is not a model of this kind or is damaged
 * @example
 * const tensors = await loadModel("model.safetensors", "mf");
 * const model = Mf.fromTensors(tensors);
 */
export async function loadModel(path: string, kind: string): Promise<StoredTensors> {
  return (await readModel(path, kind)).tensors;
}

/** The tensors of a model file, and the options it was saved with (`null` for none). */
async function readModel(path: string, kind: string): Promise<{ tensors: StoredTensors; options: unknown }> {
  const { tensors, metadata } = decodeTensors(await readWholeFile(path), path);
  if (metadata["kind"] !== kind)
    throw new CorruptFileError(`the file holds a model of kind "${metadata["kind"]}", not "${kind}"`, {
      where: path,
      remedy: "give the path of a model that was saved as this kind",
    });
  const json = metadata["options"];
  if (metadata["sha256"] !== checksum(kind, tensors, json))
    throw new CorruptFileError("the checksum does not fit the content", {
      where: path,
      remedy: "the file is damaged: train and save the model again",
    });
  requireFiniteParameters(
    `${kind}, read from ${path}`,
    Array.from(tensors, ([name, { values }]) => ({ name, values })),
  );
  return { tensors, options: json === undefined ? null : (JSON.parse(json) as unknown) };
}

/**
 * Loads a model that `saveModel` wrote.
 *
 * @throws NotFoundError when there is no such file
 * @throws CorruptFileError when it is not a model of this kind or is damaged
 * @example
 * const model = await loadModelAs("model.safetensors", Mf);
 */
export async function loadModelAs<M>(path: string, model: StoredModel<M>): Promise<M> {
  const { tensors, options } = await readModel(path, model.kind);
  try {
    return model.fromTensors(tensors, options);
  } catch (cause) {
    throw new CorruptFileError(
      `this makes no model of kind "${model.kind}": ${(cause as Error).message.split("\n")[0]}`,
      {
        where: path,
        remedy: "train and save the model again",
        cause,
      },
    );
  }
}

/**
 * One array of a file.
 *
 * @throws InvalidArgumentError when it is missing, of another type, or of other dimensions
 * @example
 * const { shape } = tensorNamed(await loadModel("model.safetensors", "mf"), "userEmbedding", Float32Array, 2);
 */
export function tensorNamed<T extends Float32Array | Int32Array>(
  tensors: StoredTensors,
  name: string,
  type: new (length: number) => T,
  dimensions: number,
): { readonly shape: readonly number[]; readonly values: T } {
  const tensor = tensors.get(name);
  if (tensor?.values instanceof type && tensor.shape.length === dimensions)
    return { shape: tensor.shape, values: tensor.values };
  throw new InvalidArgumentError(`there is no "${name}" of ${dimensions} dimensions that is a ${type.name}`);
}

function checksum(kind: string, tensors: ReadonlyMap<string, StoredTensor>, options: string | undefined): string {
  const parts = Array.from(tensors, ([name, { shape, values }]) => {
    const content = sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return [name, values instanceof Float32Array ? "F32" : "I32", shape, content];
  });
  return sha256(canonicalJson(options === undefined ? [kind, parts] : [kind, parts, options]));
}

/** Only regular files: a FIFO would wait for ever. */
async function readWholeFile(path: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).isFile()) return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new NotFoundError("there is no such model file", {
        where: path,
        remedy: "save a model there first",
        cause,
      });
    throw new CorruptFileError("the model file cannot be read", { where: path, cause });
  }
  throw new CorruptFileError("the path is not a regular file", {
    where: path,
    remedy: "give the path of a saved model",
  });
}
