import { readFile } from "node:fs/promises";
import { InvalidDataError, inWorkFolder, NotFoundError } from "../../core";
import type { Options } from "../../experiments";
import type { Claim, ClaimRemark, ClaimsFile, ClaimTest, Criterion, OwnClaim, RowPattern } from "./claim";
import { Fields } from "./fields";

const criteria: readonly Criterion[] = ["above", "below", "within", "faster"];

/**
 * The claims of both papers, with when each counts as reproduced.
 *
 * @param path Default: `figures/claims.json` of this checkout
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError naming the claim and the field that cannot be
 * @example
 * const { claims } = await readClaims();
 * claims[0].claim; // "Forgetting is more than 250 times as fast as retraining."
 */
export async function readClaims(path = inWorkFolder("figures", "claims.json")): Promise<ClaimsFile> {
  const fields = await fieldsOf(path, ["about", "claims", "ours"]);
  const file = {
    about: fields.list("about").map(String),
    claims: fields.list("claims").map((claim, i) => claimOf(claim, `${path}, claim ${i + 1}`)),
    ours: fields.list("ours").map((claim, i) => ownClaimOf(claim, `${path}, ours ${i + 1}`)),
  };
  requireDifferent([...file.claims, ...file.ours], path);
  return file;
}

/**
 * What was noticed of claims after their evaluation.
 *
 * @param path Default: `figures/claims-remarks.json` of this checkout
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError for a field that cannot be, or a claim that is not among those given, with the nearest
 * @example
 * const remarks = await readRemarks((await readClaims()).claims);
 */
export async function readRemarks(
  claims: readonly Claim[],
  path = inWorkFolder("figures", "claims-remarks.json"),
): Promise<readonly ClaimRemark[]> {
  const ids = claims.map(({ id }) => id);
  return (await fieldsOf(path, ["about", "remarks"])).list("remarks").map((remark, i) => {
    const fields = Fields.of(remark, `${path}, remark ${i + 1}`, ["claim", "text"]);
    return { claim: fields.word("claim", ids), text: fields.text("text") };
  });
}

/** The fields of a file, beside its version. */
async function fieldsOf(path: string, known: readonly string[]): Promise<Fields> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new NotFoundError("there is no such file", {
      where: path,
      remedy: "call it in a checkout, or name a file",
      cause,
    });
  });
  const fields = Fields.of(parsed(text, path), path, ["version", ...known]);
  if (fields.number("version") === 1) return fields;
  throw new InvalidDataError('"version" is not 1', { where: path, remedy: "use the version of lib that wrote it" });
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidDataError("this is no JSON", { where, remedy: "restore it with git checkout", cause });
  }
}

function requireDifferent(claims: readonly { readonly id: string }[], where: string): void {
  const ids = claims.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new InvalidDataError(`two claims have the id "${twice}"`, { where, remedy: "rename one of them" });
}

function claimOf(value: unknown, place: string): Claim {
  const fields = Fields.of(value, place, ["id", "paper", "claim", "source", "reading", "tests"]);
  const id = fields.text("id");
  const tests = fields.list("tests");
  if (tests.length === 0)
    throw new InvalidDataError('"tests" is empty', { where: `${place} (${id})`, remedy: "give one test or more" });
  return {
    id,
    paper: fields.text("paper"),
    claim: fields.text("claim"),
    source: fields.text("source"),
    reading: fields.text("reading"),
    tests: tests.map((test, i) => testOf(test, `${place} (${id}), test ${i + 1}`)),
  };
}

function ownClaimOf(value: unknown, place: string): OwnClaim {
  const fields = Fields.of(value, place, ["id", "claim", "view", "bound"]);
  return {
    id: fields.text("id"),
    claim: fields.text("claim"),
    view: fields.text("view"),
    bound: fields.number("bound"),
  };
}

function testOf(value: unknown, where: string): ClaimTest {
  const fields = Fields.of(value, where, ["view", "subject", "against", "where", "metric", "holds", "bound"]);
  const holds = fields.word("holds", criteria);
  const bound = fields.number("bound");
  requireSense(holds, bound, fields);
  return {
    view: fields.text("view"),
    subject: patternOf(fields.any("subject"), `${where}, subject`),
    ...(fields.has("against") ? { against: patternOf(fields.any("against"), `${where}, against`) } : {}),
    ...(fields.has("where")
      ? { where: { request: Fields.of(fields.any("where"), `${where}, where`, ["request"]).text("request") } }
      : {}),
    metric: fields.text("metric"),
    holds,
    bound,
  };
}

/** A ratio needs two rows and a factor, and nothing is within a distance of 0. */
function requireSense(holds: Criterion, bound: number, fields: Fields): void {
  const { where } = fields;
  if (holds === "faster" && !fields.has("against"))
    throw new InvalidDataError('"faster" needs "against"', { where, remedy: "say what it is faster than" });
  if (holds === "faster" && fields.text("metric") !== "seconds")
    throw new InvalidDataError('"faster" is of seconds alone', { where, remedy: 'give the metric "seconds"' });
  if ((holds === "faster" || holds === "within") && bound <= 0)
    throw new InvalidDataError(`"bound" is ${bound}`, { where, remedy: "give a number above 0" });
}

function patternOf(value: unknown, where: string): RowPattern {
  const fields = Fields.of(value, where, ["method", "options", "request"]);
  return {
    method: fields.text("method"),
    ...(fields.has("options") ? { options: optionsOf(fields.any("options"), `${where}, options`) } : {}),
    ...(fields.has("request") ? { request: optionsOf(fields.any("request"), `${where}, request`) } : {}),
  };
}

function optionsOf(value: unknown, where: string): Options {
  const isOptions = typeof value === "object" && value !== null && !Array.isArray(value);
  const bad = isOptions && Object.entries(value).find(([, one]) => typeof one === "object" && one !== null);
  if (!isOptions || bad)
    throw new InvalidDataError("these are no options", { where, remedy: "give names with plain values" });
  return value as Options;
}
