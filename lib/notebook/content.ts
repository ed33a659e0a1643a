import { InvalidArgumentError, jupyterDisplay, jupyterMetadata, type MimeData } from "../core";
import { svgToPng } from "../figures";

type Metadata = Readonly<Record<string, unknown>>;

/** Content of some type that shows itself in a notebook, with text for viewers that do not know the type. */
export class Content {
  constructor(
    private readonly data: MimeData,
    private readonly metadata: Metadata = {},
  ) {}

  [jupyterDisplay](): MimeData {
    return this.data;
  }

  [jupyterMetadata](): Metadata {
    return this.metadata;
  }
}

/**
 * Markdown as Jupyter renders it, formulas between dollar signs included.
 *
 * @example
 * markdown(`**${forgetRows.length}** rows, $\lambda$ = ${prepared.damping}`);
 */
export function markdown(text: string): Content {
  return new Content({ "text/markdown": text, "text/plain": text });
}

/**
 * A formula.
 *
 * @param source LaTeX's mathematics, without dollar signs around it
 * @example
 * latex("A x = g");
 */
export function latex(source: string): Content {
  return new Content({ "text/latex": `$$${source}$$`, "text/plain": source });
}

/**
 * A tree to fold and unfold.
 *
 * @param value anything JSON can hold
 * @throws InvalidArgumentError for what it cannot
 * @example
 * json({ epochs: 5, history: [0.7, 0.6] });
 */
export function json(value: unknown): Content {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, null, 2);
  } catch (cause) {
    throw new InvalidArgumentError("the value cannot be shown as JSON", { cause });
  }
  if (text === undefined) throw new InvalidArgumentError("undefined has no JSON form", { remedy: "use null" });
  return new Content({ "application/json": JSON.parse(text) as unknown, "text/plain": text });
}

/**
 * A drawing, with its picture for viewers that do not trust SVG.
 *
 * @param markup one `<svg>` element
 * @example
 * svg('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle r="9" cx="10" cy="10"/></svg>');
 */
export function svg(markup: string): Content {
  const png = svgToPng(markup, 2);
  // A PNG's own size stands in its header; half of it, so that screens have twice the dots.
  const size = { width: png.readUInt32BE(16) / 2, height: png.readUInt32BE(20) / 2 };
  return new Content(
    { "image/svg+xml": markup, "image/png": png.toString("base64"), "text/plain": "(a drawing)" },
    { "image/png": size },
  );
}

/** The first bytes of the image formats that browsers know. */
const formats: readonly [type: string, signature: RegExp][] = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
];

/**
 * A picture.
 *
 * @param bytes a PNG, JPEG, GIF or WebP file
 * @param options `width` in pixels, if not the picture's own; `alt`, what it shows, for who cannot see it
 * @throws InvalidArgumentError for another format
 * @example
 * image(await readFile("screenshot.png"), { width: 400, alt: "the first notebook" });
 */
export function image(bytes: Uint8Array, options: { width?: number; alt?: string } = {}): Content {
  const file = Buffer.from(bytes);
  const head = file.toString("latin1", 0, 12);
  const type = formats.find(([, signature]) => signature.test(head))?.[0];
  if (type === undefined)
    throw new InvalidArgumentError("the bytes are no PNG, JPEG, GIF or WebP picture", {
      remedy: "pass the file's content",
    });
  const size = options.width === undefined ? {} : { [type]: { width: options.width } };
  return new Content({ [type]: file.toString("base64"), "text/plain": options.alt ?? "(a picture)" }, size);
}
