import { at, isColour, isList, lengthOf, NotDrawnError, type Part, plainTitle, within } from "./values";
import type { ColourBar } from "./mark";

/** Plotly's scales of colours: places from 0 to 1 and red, green, blue. */
const scales: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  Greys: [[0, "rgb(0,0,0)"], [1, "rgb(255,255,255)"]], // prettier-ignore
  Blues: [[0, "rgb(5,10,172)"], [0.35, "rgb(40,60,190)"], [0.5, "rgb(70,100,245)"], [0.6, "rgb(90,120,245)"], [0.7, "rgb(106,137,247)"], [1, "rgb(220,220,220)"]], // prettier-ignore
  Reds: [[0, "rgb(220,220,220)"], [0.2, "rgb(245,195,157)"], [0.4, "rgb(245,160,105)"], [1, "rgb(178,10,28)"]], // prettier-ignore
  RdBu: [[0, "rgb(5,10,172)"], [0.35, "rgb(106,137,247)"], [0.5, "rgb(190,190,190)"], [0.6, "rgb(220,170,132)"], [0.7, "rgb(230,145,90)"], [1, "rgb(178,10,28)"]], // prettier-ignore
  Viridis: [[0, "#440154"], [0.06274509803921569, "#48186a"], [0.12549019607843137, "#472d7b"], [0.18823529411764706, "#424086"], [0.25098039215686274, "#3b528b"], [0.3137254901960784, "#33638d"], [0.3764705882352941, "#2c728e"], [0.4392156862745098, "#26828e"], [0.5019607843137255, "#21918c"], [0.5647058823529412, "#1fa088"], [0.6274509803921569, "#28ae80"], [0.6901960784313725, "#3fbc73"], [0.7529411764705882, "#5ec962"], [0.8156862745098039, "#84d44b"], [0.8784313725490196, "#addc30"], [0.9411764705882353, "#d8e219"], [1, "#fde725"]], // prettier-ignore
};

/** Colours of values, and the scale they are on. */
export interface NumberColours {
  /** `null` for what is no number. */
  of(value: unknown): string | null;
  readonly bar: ColourBar | undefined;
}

/** A trace's scale of colours. @param low the option of its lower end, such as `"cmin"` */
export function numberColours(options: Part, values: readonly number[], low: string, high: string): NumberColours {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [from, to] = [lengthOf(options[low], least), lengthOf(options[high], most)];
  const [start, end] = from < to ? [from, to] : [from - 0.5, from + 0.5];
  const given = scaleOf(options["autocolorscale"] === true ? undefined : options["colorscale"], from, to);
  const scale = options["reversescale"] === true ? given.map(([p, c]) => [1 - p, c] as const).reverse() : given;
  const of = (value: unknown) =>
    typeof value === "number" && Number.isFinite(value) ? between(scale, (value - start) / (end - start)) : null;
  const colours = Array.from({ length: 33 }, (_, k) => between(scale, k / 32));
  const title = plainTitle(within(options, "colorbar")["title"], "the colour bar");
  return { of, bar: options["showscale"] === false ? undefined : { title, low: start, high: end, colours } };
}

type Scale = readonly (readonly [number, string])[];

function scaleOf(given: unknown, low: number, high: number): Scale {
  if (isList(given)) {
    const stops = Array.from(given, (stop) => (isList(stop) ? [Number(stop[0]), stop[1]] : []) as [number, string]);
    if (stops.length < 2 || !stops.every(([place, colour]) => place >= 0 && place <= 1 && parsed(colour) !== null))
      throw new NotDrawnError("a scale of colours is not of places and rgb(…) or #rrggbb");
    return stops;
  }
  const name = typeof given === "string" ? given : low < 0 && high > 0 ? "RdBu" : low >= 0 ? "Reds" : "Blues";
  if (!Object.hasOwn(scales, name))
    throw new NotDrawnError(`the scale of colours ${JSON.stringify(name)} is plotly's own`);
  return scales[name];
}

function parsed(colour: unknown): number[] | null {
  const text = String(colour);
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text);
  if (hex !== null) return hex.slice(1).map((part) => parseInt(part, 16));
  const rgb = /^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/i.exec(text);
  return rgb === null ? null : rgb.slice(1).map(Number);
}

/** The colour at a share of a scale, mixed in red, green and blue as plotly mixes. */
function between(scale: Scale, share: number): string {
  const place = Math.min(scale[scale.length - 1][0], Math.max(scale[0][0], share));
  const next = Math.max(1, scale.findIndex(([stop]) => stop >= place)); // prettier-ignore
  const [[a, from], [b, to]] = [scale[next - 1], scale[next]];
  const [one, other] = [parsed(from) ?? [], parsed(to) ?? []];
  const part = b > a ? (place - a) / (b - a) : 0;
  return `rgb(${one.map((value, i) => Math.round(value + part * (other[i] - value))).join(",")})`;
}

/** The colours of a trace's marks, by place. @param own the trace's colour where it is given none */
export function markColours(
  marker: Part,
  own: string,
  count: number,
): { of(i: number): string | null; bar: ColourBar | undefined } {
  const { color } = marker;
  if (!isList(color)) return { of: () => (isColour(color) ? color : own), bar: undefined };
  const numbers = Array.from({ length: count }, (_, i) => color[i]).filter((value) => typeof value === "number");
  if (numbers.length === 0) return { of: (i) => (isColour(at(color, i)) ? (color[i] as string) : own), bar: undefined };
  if (numbers.length < Math.min(count, color.length)) throw new NotDrawnError("marker.color mixes names and numbers");
  const scale = numberColours(marker, numbers.filter(Number.isFinite), "cmin", "cmax");
  // a scale is shown only where it is asked for
  return { of: (i) => scale.of(color[i]), bar: marker["showscale"] === true ? scale.bar : undefined };
}
