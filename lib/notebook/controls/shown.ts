// Controls that a program changes and a person looks at: progress, HTML, a picture.
import { InvalidArgumentError, InvalidOptionError, requireNumber } from "../../core";
import { Html, html } from "../html";
import { Control, type ControlOptions, requireKnown } from "./control";
import { layoutModel, type LayoutOptions } from "./style";
import { controlKind, type Still, Widget } from "./widget";

/** What a bar can be told. */
export interface BarOptions extends ControlOptions {
  /** Where it begins. Default: 0. */
  readonly min?: number;
  /** Where it stands at first. Default: `min`. */
  readonly value?: number;
}

/**
 * A bar that shows how far something is. What computes in lib shows its progress by itself; this is for one's own.
 *
 * @throws InvalidOptionError when `min` is not below `max`, or the value is outside of them
 * @example
 * const bar = progressBar(10);
 * for (let step = 0; step < 10; step++) bar.value += 1;
 */
export function progressBar(max: number, options: BarOptions = {}): Control<number> {
  return madeBar("progressBar", "FloatProgress", max, options, false);
}

/**
 * The same for whole numbers.
 *
 * @throws InvalidOptionError as `progressBar`
 * @example
 * const bar = intProgressBar(5, { label: "seeds" });
 */
export function intProgressBar(max: number, options: BarOptions = {}): Control<number> {
  return madeBar("intProgressBar", "IntProgress", max, options, true);
}

function madeBar(where: string, model: string, max: number, options: BarOptions, integer: boolean): Control<number> {
  requireKnown(where, options, ["min", "value"]);
  const { min = 0 } = options;
  requireNumber("min", min, { integer }, where);
  requireNumber("max", max, { integer }, where);
  if (min >= max)
    throw new InvalidOptionError(`"min" is ${min} and "max" is ${max}`, { where, remedy: "give a larger max" });
  const write = (value: number) => requireNumber("value", value, { min, max, integer }, where);
  return new Control<number>({
    ...{ model, view: "ProgressView", style: "ProgressStyle", options, write, canBeDisabled: false },
    state: { bar_style: "", max, min, orientation: "horizontal", value: write(options.value ?? min) },
    read: (field) => field as number,
    check: () => undefined,
    text: (value) => `${value} of ${max}`,
  });
}

/**
 * HTML that the program may change.
 *
 * @param content made by `html`, so that what was put into it is escaped
 * @example
 * const note = markup(html`<b>not forgotten yet</b>`);
 * note.value = html`<i>forgotten</i>`;
 */
export function markup(content: Html, options: Omit<ControlOptions, "disabled"> = {}): Control<Html> {
  requireKnown("markup", options);
  return new Control<Html>({
    ...{ model: "HTML", style: "HTMLStyle", options, canBeDisabled: false },
    state: { placeholder: "\u200b", value: content.markup },
    read: (field) => new Html(field as string),
    write: (value) => value.markup,
    check: () => undefined,
    text: (value) => value.markup.replace(/<[^>]*>/g, ""),
  });
}

/** A picture that the program may change, made by `picture`. */
export class Picture extends Widget {
  /** @internal */
  constructor(png: Uint8Array, { width, layout }: PictureOptions) {
    super(controlKind("Image"), {
      ...{ _dom_classes: [], format: "png", height: "", layout: layoutModel(layout), tabbable: null, tooltip: null },
      ...{ value: checkedPng(png), width: width === undefined ? "" : String(width) },
    });
  }

  get png(): Uint8Array {
    return this.get("value") as Uint8Array;
  }

  set png(png: Uint8Array) {
    this.set({ value: checkedPng(png) });
  }

  still(): Still {
    const base64 = Buffer.from(this.png).toString("base64");
    return {
      html: html`<img alt="(a picture)" src="data:image/png;base64,${base64}" />`,
      text: "(a picture)",
      more: { "image/png": base64 },
    };
  }
}

/** What a picture can be told. */
export interface PictureOptions {
  /** In pixels. Default: the picture's own. */
  readonly width?: number;
  readonly layout?: LayoutOptions;
}

/**
 * A picture that the program may change.
 *
 * @param png the bytes of a PNG
 * @throws InvalidArgumentError for other bytes
 * @example
 * const shown = picture(svgToPng("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", 2));
 */
export function picture(png: Uint8Array, options: PictureOptions = {}): Picture {
  return new Picture(png, options);
}

function checkedPng(bytes: Uint8Array): Uint8Array {
  if (Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "\x89PNG") return bytes;
  throw new InvalidArgumentError("the bytes are no PNG picture", { remedy: "pass the file's content" });
}
