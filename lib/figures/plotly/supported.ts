import { didYouMean } from "../../core";
import { isColour, isList, NotDrawnError, type Part } from "./values";

/** What is drawn of an option: whatever its value, some of its values, or the options inside it. */
type Rule = "any" | ((value: unknown) => boolean) | Rules;
interface Rules {
  readonly [option: string]: Rule;
}

const any = (...names: string[]): Rules => Object.fromEntries(names.map((name) => [name, "any" as const]));
const oneOf =
  (...values: unknown[]) =>
  (value: unknown) =>
    values.includes(value);
const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown) => typeof value === "string" || typeof value === "number";
const oneOrMany = (is: (value: unknown) => boolean) => (value: unknown) =>
  isList(value) ? Array.from(value).every((one) => one === null || is(one)) : is(value);
/** Data in lists; plotly.py's packed arrays are not read, nor are axes of two levels. */
const isData = (value: unknown) => isList(value) && !Array.from(value).some((one) => isList(one));

/** Seen only with a mouse, in a menu, or by other programs. */
const unseen = any(
  ...["hoverinfo", "hoverlabel", "hoveron", "hovertemplate", "hovertext", "customdata", "ids", "meta", "uid"],
  ...["uirevision", "selectedpoints", "selected", "unselected", "legendgroup", "legendrank", "legendwidth"],
  ...["xhoverformat", "yhoverformat", "zhoverformat", "zorder", "hoverongaps"],
);

const common: Rules = {
  ...unseen,
  ...any("type", "name", "showlegend"),
  visible: oneOf(true, false),
  opacity: isNumber,
  xaxis: oneOf("x"),
  yaxis: oneOf("y"),
};

const places: Rules = {
  ...{ x: isData, y: isData, x0: isText, y0: isText, dx: isNumber, dy: isNumber },
  ...{ xcalendar: oneOf("gregorian"), ycalendar: oneOf("gregorian") },
};

const errorBar: Rules = {
  ...any("visible", "color", "thickness", "width", "copy_ystyle", "symmetric"),
  type: oneOf("data", "percent", "constant", "sqrt"),
  ...{ array: isList, arrayminus: isList, value: isNumber, valueminus: isNumber },
};

/** Marks that both libraries draw in the same shape. */
export const symbolShapes: Readonly<Record<string, string>> = {
  ...{ circle: "circle", square: "square", diamond: "diamond", cross: "cross" },
  ...{ "triangle-up": "triangle-up", "triangle-down": "triangle-down" },
  ...{ "triangle-left": "triangle-left", "triangle-right": "triangle-right" },
};
const isSymbol = (value: unknown) =>
  typeof value === "string" && Object.hasOwn(symbolShapes, value.replace(/-open$/, ""));

const colours: Rules = {
  color: (value) =>
    isColour(value) || (isList(value) && Array.from(value).every((one) => isColour(one) || isNumber(one))),
  colorscale: (value) => typeof value === "string" || isList(value),
  ...{ cmin: isNumber, cmax: isNumber, cauto: oneOf(true), cmid: () => false },
  ...any("showscale", "autocolorscale", "reversescale"),
  colorbar: { title: "any", len: "any", thickness: "any", x: "any", y: "any" },
};

const scatter: Rules = {
  ...common,
  ...places,
  mode: (value) => typeof value === "string" && /^(none|(lines|markers|text)(\+(lines|markers|text))*)$/.test(value),
  connectgaps: "any",
  line: {
    ...{ color: isColour, width: isNumber, dash: "any", simplify: "any" },
    shape: oneOf("linear", "hv", "vh", "hvh"),
  },
  marker: {
    ...colours,
    ...{ size: oneOrMany(isNumber), sizeref: isNumber, sizemin: isNumber, sizemode: oneOf("diameter", "area") },
    ...{ symbol: oneOrMany(isSymbol), opacity: oneOrMany(isNumber), line: any("width", "color") },
  },
  ...{ error_x: errorBar, error_y: errorBar, fill: oneOf("none"), stackgroup: oneOf("") },
  ...{ text: oneOrMany(isText), textposition: oneOrMany(isText), textfont: any("size", "color", "family") },
};

const bar: Rules = {
  ...common,
  ...places,
  ...{ orientation: oneOf("v", "h"), base: oneOrMany(isNumber) },
  marker: { ...colours, opacity: oneOrMany(isNumber), line: any("width", "color") },
  ...{ error_x: errorBar, error_y: errorBar, textposition: oneOf("none"), text: () => false },
};

const traces: Readonly<Record<string, Rules>> = {
  scatter,
  scattergl: scatter,
  bar,
  histogram: {
    ...bar,
    ...{ histfunc: oneOf("count"), histnorm: oneOf("", "percent", "probability", "density", "probability density") },
    ...{
      xbins: { start: isNumber, end: isNumber, size: isNumber },
      ybins: { start: isNumber, end: isNumber, size: isNumber },
    },
    ...{ autobinx: oneOf(false), autobiny: oneOf(false), cumulative: { enabled: oneOf(false) }, base: () => false },
  },
  box: {
    ...common,
    ...{ y: isData, x: isData, orientation: oneOf("v"), quartilemethod: oneOf("linear") },
    ...{ boxpoints: oneOf("outliers", false), boxmean: oneOf(false), notched: oneOf(false) },
    ...{ marker: { color: isColour }, line: any("width", "color"), fillcolor: isColour },
  },
  heatmap: {
    ...common,
    ...{
      z: isList,
      x: isData,
      y: isData,
      transpose: oneOf(false),
      zsmooth: oneOf(false),
      xgap: oneOf(0),
      ygap: oneOf(0),
    },
    ...{ colorscale: colours["colorscale"], zmin: isNumber, zmax: isNumber, zauto: oneOf(true) },
    ...any("showscale", "autocolorscale", "reversescale", "connectgaps"),
    colorbar: colours["colorbar"],
  },
  scatter3d: {
    ...common,
    ...{ x: isData, y: isData, z: isData, mode: oneOf("markers"), marker: any("size", "opacity", "color") },
  },
};

const axis: Rules = {
  ...any("title", "categoryarray", "tickvals", "ticktext", "tickprefix", "ticksuffix", "showticklabels", "visible"),
  ...any("fixedrange", "automargin", "hoverformat", "showspikes", "spikecolor", "spikemode", "spikedash", "uirevision"),
  ...any("showgrid", "gridcolor", "gridwidth", "griddash", "zeroline", "zerolinecolor", "zerolinewidth", "showline"),
  ...any("linecolor", "linewidth", "mirror", "ticks", "ticklen", "tickwidth", "tickcolor", "tickangle", "tickfont"),
  ...any("titlefont", "minor", "layer", "ticklabelposition", "nticks", "constrain", "color", "spikethickness"),
  type: oneOf("-", "linear", "log", "date", "category"),
  range: (value) => isList(value) && value.length === 2,
  autorange: oneOf(true, false, "reversed"),
  rangemode: oneOf("normal", "tozero", "nonnegative"),
  categoryorder: oneOf("trace", "array", "category ascending", "category descending"),
  autotypenumbers: oneOf("convert types"),
  tickmode: oneOf("auto", "linear", "array"),
  ...{ tick0: isNumber, dtick: isNumber, side: (value) => value === "bottom" || value === "left" },
  ...{ anchor: (value) => value === "x" || value === "y", domain: (value) => String(value) === "0,1" },
  rangeslider: { visible: oneOf(false) },
};

const nothing = (value: unknown) => isList(value) && value.length === 0;

const layouts: Rules = {
  ...any(
    "title",
    "width",
    "height",
    "autosize",
    "margin",
    "font",
    "paper_bgcolor",
    "plot_bgcolor",
    "colorway",
    "hovermode",
  ),
  ...any(
    "dragmode",
    "clickmode",
    "hoverlabel",
    "hoverdistance",
    "spikedistance",
    "modebar",
    "uirevision",
    "datarevision",
  ),
  ...any("transition", "meta", "showlegend", "titlefont", "editrevision", "selectionrevision", "newshape"),
  legend: any("x", "y", "orientation", "xanchor", "yanchor", "bgcolor", "bordercolor", "borderwidth", "font", "title"),
  barmode: oneOf("group", "stack", "relative", "overlay"),
  ...{ boxmode: oneOf("overlay"), barnorm: oneOf(""), bargap: isNumber, bargroupgap: isNumber },
  ...{ annotations: nothing, shapes: nothing, images: nothing, sliders: nothing, updatemenus: nothing },
  ...{ xaxis: axis, yaxis: axis },
};

const scene: Rules = { scene: { xaxis: any("title"), yaxis: any("title"), zaxis: any("title") } };

/** What a message calls a trace. */
export function traceName(trace: Part, number: number): string {
  const name = typeof trace["name"] === "string" && trace["name"] !== "" ? ` (${JSON.stringify(trace["name"])})` : "";
  return `trace ${number + 1}${name} of type ${typeOf(trace)}`;
}

export function typeOf(trace: Part): string {
  return typeof trace["type"] === "string" ? trace["type"] : "scatter";
}

/**
 * Checks that a figure holds nothing but what is drawn exactly, or is not seen in a picture.
 *
 * @throws NotDrawnError that names the first thing which is neither
 */
export function requireDrawable(data: readonly Part[], layout: Part): void {
  const inSpace = data.some((trace) => typeOf(trace) === "scatter3d");
  data.forEach((trace, number) => {
    const rules = Object.hasOwn(traces, typeOf(trace)) ? traces[typeOf(trace)] : undefined;
    if (rules === undefined) throw new NotDrawnError(`${traceName(trace, number)} is drawn by plotly alone`);
    requireRules(trace, rules, traceName(trace, number), "");
  });
  requireRules(layout, inSpace ? { ...layouts, ...scene } : layouts, "the layout", "");
}

function requireRules(part: Part, rules: Rules, owner: string, path: string): void {
  for (const [option, value] of Object.entries(part)) {
    if (value === undefined || value === null) continue;
    const name = `${path}${option}`;
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (rule === "any") continue;
    if (rule === undefined)
      throw new NotDrawnError(`${owner} has ${name}, which plotly alone draws${meant(option, rules)}`);
    if (typeof rule === "function") {
      if (!rule(value)) throw new NotDrawnError(`${owner} has ${name} ${shown(value)}, which plotly alone draws`);
    } else if (typeof value === "object") requireRules(value as Part, rule, owner, `${name}.`);
    else throw new NotDrawnError(`${owner} has ${name} ${shown(value)}, which plotly alone draws`);
  }
}

/** A misspelt option is nothing to plotly, and would be lost in silence. */
function meant(option: string, rules: Rules): string {
  const hint = didYouMean(option, Object.keys(rules));
  return /^did you mean/i.test(hint) ? ` (${hint})` : "";
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
