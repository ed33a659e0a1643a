import { InvalidOptionError, suggestion } from "../../core";
import { html } from "../html";
import { type ModelKind, type Still, Widget } from "./widget";

const layoutKeys = [
  ...(["align_content", "align_items", "align_self", "border_bottom", "border_left", "border_right"] as const),
  ...(["border_top", "bottom", "display", "flex", "flex_flow", "grid_area", "grid_auto_columns"] as const),
  ...(["grid_auto_flow", "grid_auto_rows", "grid_column", "grid_gap", "grid_row", "grid_template_areas"] as const),
  ...(["grid_template_columns", "grid_template_rows", "height", "justify_content", "justify_items", "left"] as const),
  ...(["margin", "max_height", "max_width", "min_height", "min_width", "object_fit", "object_position"] as const),
  ...(["order", "overflow", "padding", "right", "top", "visibility", "width"] as const),
] as const;

/** How a control lies among others: CSS by the names of `LayoutModel`, such as `{ width: "50%" }`. */
export type LayoutOptions = Readonly<Partial<Record<(typeof layoutKeys)[number], string>>>;

/** What each style model can be told, with CSS's own defaults. */
const styles = {
  ButtonStyle: {
    ...{ button_color: null, font_family: null, font_size: null, font_style: null, font_variant: null },
    ...{ font_weight: null, text_color: null, text_decoration: null },
  },
  CheckboxStyle: { background: null, description_width: "" },
  DescriptionStyle: { description_width: "" },
  HTMLStyle: { background: null, description_width: "", font_size: null, text_color: null },
  ProgressStyle: { bar_color: null, description_width: "" },
  SliderStyle: { description_width: "", handle_color: null },
  TextStyle: { background: null, description_width: "", font_size: null, text_color: null },
  ToggleButtonsStyle: { button_width: "", description_width: "", font_weight: "" },
} as const;

/** The style models of `@jupyter-widgets/controls`. */
export type StyleName = keyof typeof styles;

/** A layout or a style: a model without anything to see. */
class Look extends Widget {
  constructor(kind: ModelKind, state: Readonly<Record<string, unknown>>) {
    super(kind, state);
  }

  still(): Still {
    return { html: html``, text: "" };
  }
}

/** Those that are alike are one: a page with many controls has few of them. */
const made = new Map<string, Look>();

function shared(name: string, given: object, make: () => Look): Look {
  const id = `${name} ${JSON.stringify(Object.entries(given).sort())}`;
  const look = made.get(id) ?? make();
  made.set(id, look);
  return look;
}

/** The model of a layout. @throws InvalidOptionError for a key that CSS, or `LayoutModel`, does not have */
export function layoutModel(options: LayoutOptions = {}): Widget {
  for (const key of Object.keys(options))
    if (!(layoutKeys as readonly string[]).includes(key)) {
      const near = suggestion(key, layoutKeys);
      const remedy = near === undefined ? "see LayoutModel of @jupyter-widgets/base" : `did you mean "${near}"?`;
      throw new InvalidOptionError(`a layout has no "${key}"`, { remedy });
    }
  const kind = { module: "@jupyter-widgets/base", version: "2.0.0", model: "LayoutModel", view: "LayoutView" };
  const all = Object.fromEntries(layoutKeys.map((key) => [key, options[key] ?? null]));
  return shared("layout", options, () => new Look(kind, all));
}

/**
 * The model of a style.
 *
 * @param options such as `{ handle_color: "teal" }`
 * @throws InvalidOptionError for another key
 */
export function styleModel(name: StyleName, options: Readonly<Record<string, string | null>> = {}): Widget {
  for (const key of Object.keys(options))
    if (!Object.hasOwn(styles[name], key))
      throw new InvalidOptionError(`this control's style has no "${key}"`, {
        remedy: `use one of ${Object.keys(styles[name]).join(", ")}`,
      });
  const kind = {
    ...{ module: "@jupyter-widgets/controls", version: "2.0.0", model: `${name}Model`, view: "StyleView" },
    viewModule: "@jupyter-widgets/base",
  };
  return shared(name, options, () => new Look(kind, { ...styles[name], ...options }));
}
