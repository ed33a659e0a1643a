import { keptResult } from "../../experiments";
import { builtInParts } from "../built-in-parts";
import { viewNamed, views } from "../views";
import { checkClaims } from "./check-claims";
import type { ClaimRecords, ClaimsReport } from "./claims-page";
import { evaluateClaim } from "./evaluate-claims";
import { evaluateOwnClaim } from "./own-claims";
import { readClaims, readRemarks } from "./read-claims";

/**
 * What the kept records say of every claim, whatever is in a run store.
 *
 * @throws InvalidDataError where the file of claims names what is not there
 * @example
 * const { found } = await keptClaims();
 * found.map(({ claim, verdict }) => `${claim.id}: ${verdict}`);
 */
export async function keptClaims(): Promise<ClaimsReport> {
  const { about, claims, ours } = await readClaims();
  checkClaims(claims, views, builtInParts);
  const kept = new Map<string, Awaited<ReturnType<typeof keptResult>>>();
  const resultOf = async (view: string) => {
    if (!kept.has(view)) kept.set(view, await keptResult(viewNamed(view), builtInParts));
    return kept.get(view) ?? null;
  };
  const found = [];
  for (const claim of claims) found.push(await evaluateClaim(claim, resultOf, builtInParts));
  const judged = [];
  for (const claim of ours) judged.push(await evaluateOwnClaim(claim, resultOf));
  const records = [...kept].flatMap(([view, result]): ClaimRecords[] =>
    result === null ? [] : [{ view, preset: result.preset, runs: result.summary.runs }],
  );
  return { about, found, ours: judged, remarks: await readRemarks(claims), records };
}
