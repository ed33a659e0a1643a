import { visibleText } from "../core";
import { drawSvg, sizeOfSvg } from "./render";
import { type Datum, uprightTitle, type VegaLiteSpec } from "./spec";
import { type Medium, unitOf } from "./theme";

/** The most panels beside each other; a panel narrower than this many points is hard to read. */
const narrowestPoints = 110;

const gap = 16;
/** Points above and below a panel: title, axis, legend. */
const outsidePoints = 46;

/**
 * A specification whose body is drawn once for each panel: shared axes, one legend above, a letter and the name above
 * each panel. The panels' width is found by drawing: all together are as wide as the figure.
 *
 * @param whole the specification without panels
 * @param body of one panel
 * @param size of the whole
 * @param data whose panels have letters
 */
export function panelsSpec(
  whole: VegaLiteSpec,
  body: VegaLiteSpec,
  size: { readonly width: number; readonly height: number },
  data: readonly Datum[],
  medium: Medium,
): VegaLiteSpec {
  const names = [...new Set(data.map(({ panel }) => panel))].sort(); // their letters come first
  const u = unitOf(medium);
  const columns = Math.max(1, Math.min(names.length, Math.floor(size.width / (narrowestPoints * u))));
  const make = (inner: number, height: number) => {
    const own = (key: string) => key in body || key === "width" || key === "height";
    const frame = Object.fromEntries(Object.entries(whole).filter(([key]) => !own(key)));
    return {
      ...frame,
      autosize: "pad",
      facet: {
        field: "panel",
        type: "nominal",
        sort: names,
        header: { title: null, labelAnchor: "start", labelLimit: 0 },
      },
      columns,
      spacing: gap * u,
      spec: { width: inner, height, ...withWrappedTitles(body, inner / u) },
    };
  };
  const guess = Math.max(20 * u, size.width / columns - gap * u);
  const height = Math.max(40 * u, size.height - outsidePoints * u);
  const drawn = sizeOfSvg(drawSvg(make(guess, height)));
  const inner = Math.max(20 * u, guess + (size.width - drawn.width) / columns);
  return make(inner, height);
}

/** Data whose panels have their letters. @param panels their names, in order; as they are without */
export function lettered(data: readonly Datum[], panels: readonly string[] | undefined): readonly Datum[] {
  if (panels === undefined) return data;
  const letter = (at: number) => `(${String.fromCharCode(97 + (at % 26))})`;
  const titles = new Map(panels.map((name, at) => [visibleText(name), `${letter(at)} ${visibleText(name)}`]));
  return data.map((datum) => ({ ...datum, panel: titles.get(String(datum["panel"])) ?? String(datum["panel"]) }));
}

/** A panel's body whose titles below are on several lines where its width asks for them. @param width in points */
function withWrappedTitles(part: VegaLiteSpec, width: number): VegaLiteSpec {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === "object" && value !== null ? withWrappedTitles(value as VegaLiteSpec, width) : value;
  };
  const { x } = part as { x?: { title?: unknown } };
  const title = Array.isArray(x?.title) ? x.title.join(" ") : x?.title; // it may be broken for the whole width
  const wrapped = typeof title === "string" ? { x: { ...x, title: uprightTitle(title, width) } } : {};
  const keys = Object.entries(part).map(([key, value]) => [key, key === "values" ? value : inner(value)]);
  return { ...(Object.fromEntries(keys) as VegaLiteSpec), ...wrapped };
}
