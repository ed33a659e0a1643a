import { at, isList, lengthOf, NotDrawnError, numberOf, type Part, within } from "./values";

/** The ends of an error bar around a value. */
export type ErrorEnds = readonly [low: number, high: number];

/** The error bars of a trace along one axis, or `undefined` where it has none. */
export function errorBarsOf(
  trace: Part,
  letter: "x" | "y",
  isLog: boolean,
): ((value: number, i: number) => ErrorEnds | null) | undefined {
  const options = within(trace, `error_${letter}`);
  const has = options["array"] !== undefined || options["value"] !== undefined || options["type"] === "sqrt";
  if (options["visible"] === false || (!has && options["visible"] !== true)) return undefined;
  const reach = reachOf(options);
  return (value, i) => {
    const [below, above] = reach(value, i);
    if (below === null && above === null) return null;
    const ends: ErrorEnds = [value - (below ?? 0), value + (above ?? 0)];
    if (isLog && ends[0] <= 0) throw new NotDrawnError(`an error bar reaches ${ends[0]} on a logarithmic axis`);
    return ends;
  };
}

type Reach = (value: number, i: number) => readonly [number | null, number | null];

function reachOf(options: Part): Reach {
  const { array, arrayminus } = options;
  const type = options["type"] ?? (array === undefined ? "percent" : "data");
  if (type === "sqrt") return (value) => [Math.sqrt(Math.abs(value)), Math.sqrt(Math.abs(value))];
  if (type === "data") {
    if (!isList(array)) return () => [null, null];
    const isEven = options["symmetric"] ?? arrayminus === undefined;
    const sizeOf = (list: unknown, i: number) => (isList(list) ? numberOf(at(list, i)) : null);
    return (_, i) => [sizeOf(isEven === true ? array : arrayminus, i), sizeOf(array, i)];
  }
  const isEven = options["symmetric"] ?? options["valueminus"] === undefined;
  const up = lengthOf(options["value"], 10);
  const down = isEven === true ? up : lengthOf(options["valueminus"], 10);
  if (type === "constant") return () => [down, up];
  return (value) => [(Math.abs(value) * down) / 100, (Math.abs(value) * up) / 100];
}
