import {
  canonicalJson,
  CorruptFileError,
  decodeTensors,
  encodeTensors,
  InvalidArgumentError,
  NotFoundError,
  readRegularFile,
  sha256,
  type StoredTensor,
  writeFileAtomic,
} from "../core";
import { modelOf, partsOf, type KeptModel } from "./model-kinds";
import type { ModelWithIds, SeenItems } from "./model-with-ids";

const format = "recsys-unlearning model with ids";
const version = "1";
/** What the arrays are called that are not the model's. */
const seenNames = { pointers: "seen.pointers", items: "seen.items", lastStart: "seen.lastStart" } as const;

type Metadata = Readonly<Record<string, string>>;

/**
 * Writes a model with its ids to one file in safetensors layout, atomically, with a checksum over all of it. The
 * model's arrays keep their names; ids, titles and options stand as JSON in the header, so that other programs can read
 * them; no code is in it.
 *
 * @param path by custom `….safetensors`
 * @throws InvalidArgumentError for a kind of model that cannot be kept with ids
 * @example
 * await saveWithIds("model.safetensors", withIds(model, train));
 */
export async function saveWithIds(path: string, kept: ModelWithIds): Promise<void> {
  const { kind, tensors: own, form } = partsOf(kept.model);
  const tensors = new Map<string, StoredTensor>(own.map(({ name, shape, values }) => [name, { shape, values }]));
  for (const [part, name] of Object.entries(seenNames)) {
    const values = kept.seen[part as keyof SeenItems];
    tensors.set(name, { shape: [values.length], values });
  }
  const metadata = {
    ...{ format, version, kind, form: canonicalJson(form), about: canonicalJson(kept.about) },
    users: JSON.stringify(kept.users),
    items: JSON.stringify(kept.items),
    titles: JSON.stringify(Object.fromEntries(kept.titles)),
  };
  await writeFileAtomic(
    path,
    encodeTensors({ tensors, metadata: { ...metadata, sha256: checksum(tensors, metadata) } }),
  );
}

/**
 * Reads what `saveWithIds` wrote, in whatever process.
 *
 * @throws NotFoundError when there is no such file
 * @throws CorruptFileError when it is no such file, is damaged, or was written by a version this one does not know
 * @example
 * const lists = await recommend(await loadWithIds("model.safetensors"), { users: ["42"], k: 5 });
 */
export async function loadWithIds(path: string): Promise<ModelWithIds> {
  const { tensors, metadata } = decodeTensors(await bytesOf(path), path);
  requireFormat(metadata, path);
  const { sha256: written, ...content } = metadata;
  if (written !== checksum(tensors, content))
    throw new CorruptFileError("the checksum does not fit the content", {
      where: path,
      remedy: "the file is damaged: save the model again",
    });
  try {
    return keptOf(tensors, content);
  } catch (cause) {
    throw new CorruptFileError(`this makes no model with ids: ${(cause as Error).message.split("\n")[0]}`, {
      where: path,
      remedy: "save the model again",
      cause,
    });
  }
}

function keptOf(tensors: ReadonlyMap<string, StoredTensor>, content: Metadata): ModelWithIds {
  const seen = Object.fromEntries(
    Object.entries(seenNames).map(([part, name]) => [part, wholeNumbers(tensors, name)]),
  ) as unknown as SeenItems;
  const ours = new Set<string>(Object.values(seenNames));
  const own = new Map([...tensors].filter(([name]) => !ours.has(name)));
  const model = modelOf(content["kind"], own, JSON.parse(content["form"]));
  const [users, items] = [content["users"], content["items"]].map((text) => JSON.parse(text) as (string | null)[]);
  const titles = new Map(Object.entries(JSON.parse(content["titles"]) as Record<string, string>));
  const kept = { model, users, items: items as string[], titles, seen, about: JSON.parse(content["about"]) as object };
  requireWhole(kept);
  return kept;
}

/** The ids are as many as the model has; what was seen are items of it. */
function requireWhole({ model, users, items, seen }: ModelWithIds<KeptModel>): void {
  const sizes = "userCount" in model ? model : "members" in model ? model.members[0] : { itemCount: model.itemCount };
  const fits =
    items.length === sizes.itemCount &&
    (!("userCount" in sizes) || users.length === sizes.userCount) &&
    seen.pointers.length === users.length + 1 &&
    seen.lastStart.length === users.length &&
    seen.pointers[users.length] === seen.items.length &&
    seen.items.every((item) => item >= 0 && item < items.length);
  if (!fits) throw new InvalidArgumentError("ids and arrays do not fit together");
}

function wholeNumbers(tensors: ReadonlyMap<string, StoredTensor>, name: string): Int32Array {
  const values = tensors.get(name)?.values;
  if (values instanceof Int32Array) return values;
  throw new InvalidArgumentError(`there is no "${name}" of whole numbers`);
}

function requireFormat(metadata: Metadata, path: string): void {
  if (metadata["format"] !== format)
    throw new CorruptFileError(
      metadata["kind"] === undefined ? "the file is no model with ids" : "the file holds a model without its ids",
      { where: path, remedy: "give a file that saveWithIds wrote; save on a model writes it without ids" },
    );
  if (metadata["version"] !== version)
    throw new CorruptFileError(`the file is of version ${metadata["version"]}, and ${version} is known here`, {
      where: path,
      remedy: "read it with the version of recsys-unlearning that wrote it",
    });
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT")
      throw new CorruptFileError("the model file cannot be read", { where: path, cause });
    throw new NotFoundError("there is no such model file", { where: path, remedy: "save a model there first", cause });
  }
}

function checksum(tensors: ReadonlyMap<string, StoredTensor>, metadata: Metadata): string {
  const parts = Array.from(tensors, ([name, { shape, values }]) => {
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return [name, values instanceof Float32Array ? "F32" : "I32", shape, sha256(content)];
  });
  return sha256(canonicalJson([parts, metadata]));
}
