import { engineName } from "../engine";
import { NotFoundError, didYouMean } from "../core";
import { type ResultOptions, viewResult } from "../experiments";
import { builtInParts, checkClaims, claimsTable, evaluateClaim, readClaims, viewNamed, views } from "../reproduction";
import type { Table } from "../tables";

/** Which claims are shown, and where their runs are looked for. */
export interface ClaimsOptions extends Pick<ResultOptions, "preset" | "store" | "records"> {
  /** The experiment that they are tested on. */
  readonly view: string;
}

/**
 * What the papers claim of an experiment, and whether it is reproduced, case by case: from the run store, else from the
 * kept records. When a claim counts is fixed in `figures/claims.json`.
 *
 * @throws NotFoundError where no claim is tested on that experiment
 * @example
 * await claims({ view: "cau-main" }); // the last line of a cell shows it
 */
export async function claims({ view, preset = "full", ...where }: ClaimsOptions): Promise<Table> {
  const all = (await readClaims()).claims;
  const isOfView = ({ tests }: (typeof all)[number]) => tests.some((test) => test.view === view);
  const shown = all.filter(isOfView);
  if (shown.length === 0) {
    const remedy = didYouMean(view, [...new Set(all.flatMap(({ tests }) => tests.map((test) => test.view)))]);
    throw new NotFoundError(`no claim is tested on "${view}"`, { remedy });
  }
  checkClaims(shown, views, builtInParts);
  const resultOf = (name: string) => viewResult(viewNamed(name), builtInParts, engineName(), { preset, ...where });
  const found = [];
  for (const claim of shown) found.push(await evaluateClaim(claim, resultOf, builtInParts));
  return claimsTable(found, builtInParts);
}
