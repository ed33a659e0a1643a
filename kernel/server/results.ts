import { displayBundle, jupyterDisplay, jupyterMetadata, type MimeBundle } from "recsys-unlearning/core";
import type * as Notebook from "recsys-unlearning/notebook";
import { answersEverything, cutText, inspectValue, isObject, peek } from "./inspection";
import { mimeBundle } from "./mime-bundle";

/**
 * What shows a value, at the end of a cell and by `display` alike: its own `[Symbol.for("Jupyter.display")]()` (the
 * convention Deno's kernel made known), its `toHTML()`, or its text. Only where one of these returns a promise there is
 * a promise of it.
 */
export function showing(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (!isObject(value) || answersEverything(value)) return asText(value);
  const own = peek(value, jupyterDisplay);
  if (typeof own === "function")
    return settled(own.call(value), (data) => {
      if (!isObject(data) || Array.isArray(data) || answersEverything(data)) return asText(value);
      const metadata = peek(value, jupyterMetadata);
      return mimeBundle(data, typeof metadata === "function" ? metadata.call(value) : {});
    });
  const toHtml = peek(value, "toHTML");
  if (typeof toHtml !== "function") return overviewOf(value) ?? asText(value);
  return settled(toHtml.call(value), (html) => mimeBundle({ "text/html": String(html), ...asText(value).data }, {}));
}

/**
 * What lib knows of a value: a dataset, a model, an answer and the like. It is loaded with the first object that is
 * shown, and only what it needs. Whatever a value does when it is looked at, it is shown as text then.
 */
function overviewOf(value: unknown): MimeBundle | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { overview } = require("recsys-unlearning/notebook/overview") as Pick<typeof Notebook, "overview">;
    const shown = displayBundle(overview(value));
    return shown === undefined ? undefined : mimeBundle(shown.data, shown.metadata);
  } catch {
    return undefined;
  }
}

/** Applies a function to a value, or to what a promise brings. */
function settled<T>(given: unknown, use: (value: unknown) => T): T | Promise<T> {
  const waits = !answersEverything(given) && typeof peek(given, "then") === "function";
  return waits ? Promise.resolve(given).then(use) : use(given);
}

function asText(value: unknown): MimeBundle {
  return mimeBundle({ "text/plain": plainText(value) }, {});
}

/** Text of a value: strings as they are, tensors by their own summary, the rest inspected. */
function plainText(value: unknown): string {
  if (typeof value === "string") return cutText(value);
  if (isTensor(value)) return cutText(`${value.dtype} tensor [${value.shape.join(", ")}]\n${value.toString()}`);
  return inspectValue(value);
}

interface TensorLike {
  dtype: string;
  shape: number[];
  toString(): string;
}

function isTensor(value: unknown): value is TensorLike {
  return (
    typeof peek(value, "dataSync") === "function" &&
    Array.isArray(peek(value, "shape")) &&
    isObject(value) &&
    "dtype" in value
  );
}
