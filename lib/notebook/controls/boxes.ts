import { didYouMean, InvalidArgumentError, InvalidOptionError } from "../../core";
import { type Html, html } from "../html";
import { layoutModel, type LayoutOptions } from "./style";
import { controlKind, type Still, Widget } from "./widget";

/** Controls side by side, below each other, or on pages; made by `hbox`, `vbox`, `tabs` and `accordion`. */
export class Box extends Widget {
  /** @internal */
  constructor(
    model: string,
    private readonly inside: readonly Widget[],
    layout: LayoutOptions | undefined,
    private readonly titles?: readonly string[],
  ) {
    for (const child of inside)
      if (!(child instanceof Widget))
        throw new InvalidArgumentError("a box holds controls only", { remedy: "put what is shown into an output()" });
    super(controlKind(model), {
      ...{ _dom_classes: [], box_style: "", children: inside, layout: layoutModel(layout), tabbable: null },
      ...(titles === undefined ? {} : { selected_index: 0, titles }),
      tooltip: null,
    });
  }

  /** Which page is open; `null` for none. */
  get selected(): number | null {
    return (this.get("selected_index") as number | null | undefined) ?? null;
  }

  set selected(index: number | null) {
    if (this.titles === undefined) throw new InvalidArgumentError("a row or column has no pages to open");
    const checked = this.accept("selected_index", index);
    if (checked === undefined) throw new InvalidOptionError(`there is no page ${index}`);
    this.set({ selected_index: checked });
  }

  still(): Still {
    const stills = this.inside.map((child) => child.still());
    const title = (i: number): Html => (this.titles === undefined ? html`` : html`<div><i>${this.titles[i]}</i></div>`);
    const text = stills.map(({ text: one }, i) => (this.titles === undefined ? one : `${this.titles[i]}\n${one}`));
    return {
      html: html`<div>${stills.map(({ html: one }, i) => html`${title(i)}${one}`)}</div>`,
      text: text.filter((one) => one !== "").join("\n"),
    };
  }

  protected override accept(key: string, value: unknown): unknown {
    if (key !== "selected_index" || this.titles === undefined) return undefined;
    if (value === null) return null;
    return Number.isInteger(value) && this.titles[value as number] !== undefined ? value : undefined;
  }
}

/** What boxes can be told. */
export interface BoxOptions {
  /** How it lies among others, and how it lays out what is in it. Default: as the page has it. */
  readonly layout?: LayoutOptions;
}

function layoutOf(where: string, options: BoxOptions): LayoutOptions | undefined {
  for (const key of Object.keys(options))
    if (key !== "layout")
      throw new InvalidOptionError(`unknown option "${key}"`, { where, remedy: didYouMean(key, ["layout"]) });
  return options.layout;
}

/**
 * Controls side by side.
 *
 * @example
 * hbox([slider(0, 1), checkbox({ label: "paper mode" })]);
 */
export function hbox(children: readonly Widget[], options: BoxOptions = {}): Box {
  return new Box("HBox", children, layoutOf("hbox", options));
}

/**
 * Controls below each other.
 *
 * @example
 * vbox([slider(0, 1), checkbox({ label: "paper mode" })]);
 */
export function vbox(children: readonly Widget[], options: BoxOptions = {}): Box {
  return new Box("VBox", children, layoutOf("vbox", options));
}

/**
 * Pages by title, of which one is seen.
 *
 * @throws InvalidOptionError for no pages
 * @example
 * tabs({ settings: slider(0, 1), log: output() });
 */
export function tabs(pages: Readonly<Record<string, Widget>>, options: BoxOptions = {}): Box {
  return paged("tabs", "Tab", pages, options);
}

/**
 * Pages by title that fold.
 *
 * @throws InvalidOptionError for no pages
 * @example
 * accordion({ settings: slider(0, 1), log: output() });
 */
export function accordion(pages: Readonly<Record<string, Widget>>, options: BoxOptions = {}): Box {
  return paged("accordion", "Accordion", pages, options);
}

function paged(where: string, model: string, pages: Readonly<Record<string, Widget>>, options: BoxOptions): Box {
  const titles = Object.keys(pages);
  if (titles.length === 0) throw new InvalidOptionError("there are no pages", { where, remedy: "give at least one" });
  return new Box(model, Object.values(pages), layoutOf(where, options), titles);
}
