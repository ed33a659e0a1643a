import { didYouMean, InvalidDataError } from "../../core";
import { expandView, type OptionValue, type Parts, type RunConfig, type View } from "../../experiments";
import type { Claim, ClaimTest, RowPattern } from "./claim";

/**
 * Holds the names in claims to what there is: a name that matches nothing would make a claim untestable in silence.
 *
 * @param views by name
 * @throws InvalidDataError for a view, metric, method, option or value that is not there, naming claim and nearest
 * @example
 * checkClaims((await readClaims()).claims, views, builtInParts);
 */
export function checkClaims(claims: readonly Claim[], views: Readonly<Record<string, View>>, parts: Parts): void {
  const configs = new Map<string, readonly RunConfig[]>();
  for (const { id, tests } of claims)
    for (const [i, test] of tests.entries()) {
      const where = `claim ${id}, test ${i + 1}`;
      requireName("experiment", test.view, Object.keys(views), `${where}, view`);
      const view = views[test.view];
      const known = configs.get(view.name) ?? expandView(view, { preset: "full" }, parts);
      configs.set(view.name, known);
      checkTest(test, view, known, where);
    }
}

function checkTest(test: ClaimTest, view: View, configs: readonly RunConfig[], where: string): void {
  requireName(`metric of ${view.name}`, test.metric, ["seconds", ...view.metrics], `${where}, metric`);
  const kinds = configs.map(({ options }) => String(options.request["kind"]));
  if (test.where !== undefined)
    requireName(`request of ${view.name}`, test.where.request, unique(kinds), `${where}, where`);
  checkPattern(test.subject, view.name, configs, `${where}, subject`);
  if (test.against !== undefined) checkPattern(test.against, view.name, configs, `${where}, against`);
}

function checkPattern(pattern: RowPattern, view: string, configs: readonly RunConfig[], where: string): void {
  const { method, options = {}, request = {} } = pattern;
  requireName(`method of ${view}`, method, unique(configs.map((config) => config.method)), `${where}, method`);
  let left = configs.filter((config) => config.method === method);
  for (const of of ["method", "request"] as const)
    for (const [name, value] of Object.entries(of === "method" ? options : request)) {
      const known = unique(left.flatMap((config) => Object.keys(config.options[of])));
      requireName(`option of ${of === "method" ? method : "the request"}`, name, known, where);
      left = having(left, of, name, value, where);
    }
}

/** Those of some runs that have a value. */
function having(
  configs: readonly RunConfig[],
  of: "method" | "request",
  name: string,
  value: OptionValue,
  where: string,
): RunConfig[] {
  const found = configs.filter(({ options }) => options[of][name] === value);
  if (found.length > 0) return found;
  const values = unique(configs.map(({ options }) => JSON.stringify(options[of][name])));
  const problem = `no run there has ${name} = ${JSON.stringify(value)}`;
  throw new InvalidDataError(problem, { where, remedy: `use one of ${values.join(", ")}` });
}

function requireName(what: string, name: string, known: readonly string[], where: string): void {
  if (known.includes(name)) return;
  throw new InvalidDataError(`no ${what} is called "${name}"`, { where, remedy: didYouMean(name, known) });
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
