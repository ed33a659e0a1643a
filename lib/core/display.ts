/**
 * What a value implements to show itself as the last expression of a notebook cell (the convention Deno's kernel made
 * known): a method under this symbol that returns its representations by MIME type.
 */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

/** Representations of one value by MIME type: text for text types, base64 for images, an object for JSON types. */
export type MimeData = Readonly<Record<string, unknown>>;

/** One display message: a value's representations and what a viewer should know about them, such as an image's size. */
export interface MimeBundle {
  readonly data: MimeData;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * A value that shows itself. `jupyterMetadata` is our addition to the convention, for what Deno's has no place for;
 * kernels that do not know it lose nothing but the picture's exact size.
 */
export interface Displayable {
  [jupyterDisplay](): MimeData;
  [jupyterMetadata]?(): Readonly<Record<string, unknown>>;
}

/** The name of the method with which a value says how it is to be shown, such as a picture's size. */
export const jupyterMetadata: unique symbol = Symbol.for("Jupyter.metadata") as never;

/**
 * The message for a value that shows itself, or `undefined` for any other value.
 *
 * @example
 * displayBundle(5); // undefined: a number has no way of its own to show itself
 */
export function displayBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const shown = value as Partial<Displayable>;
  const data = shown[jupyterDisplay]?.();
  return data === undefined ? undefined : { data, metadata: shown[jupyterMetadata]?.() ?? {} };
}
