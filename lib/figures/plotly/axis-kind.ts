import { dateOf, NotDrawnError, numberOf, type Part } from "./values";

/** How the values of an axis are read. */
export type AxisKind = "linear" | "log" | "date" | "category";

/** The most values that are looked at to tell a kind. */
const mostSeen = 1000;

/**
 * An axis' kind: the one it is given, else by plotly's rules. Dates, where more than twice as many values are dates as
 * are numbers; categories, where more than twice as many are other text as are numbers; else linear.
 *
 * @param values of the first trace that has any
 */
export function axisKind(options: Part, values: ArrayLike<unknown>): AxisKind {
  const { type } = options;
  if (type === "linear" || type === "log" || type === "date" || type === "category") return type;
  const seen = sampled(values);
  if (seen.some((value) => /^\s*\d\d-\d?\d(-|\s*$)/.test(String(value))))
    throw new NotDrawnError("years of two digits");
  const numbers = seen.filter((value) => numberOf(value) !== null && !isBlankNumber(value));
  const dates = seen.filter((value) => dateOf(value) !== null);
  if (dates.length > 2 * numbers.length) return "date";
  const readable = seen.filter((value) => typeof value !== "boolean" && numberOf(value) !== null);
  const others = seen.filter(
    (value) => typeof value === "boolean" || (typeof value === "string" && numberOf(value) === null),
  );
  return others.length > 2 * readable.length ? "category" : "linear";
}

/** Numbers with signs of money and the like are numbers, but not when dates are counted. */
function isBlankNumber(value: unknown): boolean {
  return typeof value === "string" && Number.isNaN(Number(value));
}

/** The different ones among at most so many values, evenly spread. */
function sampled(values: ArrayLike<unknown>): unknown[] {
  const step = Math.max(1, (values.length - 1) / mostSeen);
  const found = new Map<string, unknown>();
  for (let place = 0; place < values.length; place += step) {
    const value = values[Math.round(place)];
    if (!found.has(String(value))) found.set(String(value), value);
  }
  return [...found.values()];
}
