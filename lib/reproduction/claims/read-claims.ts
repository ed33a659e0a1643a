import { readFile } from "node:fs/promises";
import { z } from "zod";
import { didYouMean, InvalidDataError, inWorkFolder, NotFoundError, parsedBy } from "../../core";
import type { Claim, ClaimRemark, ClaimsFile, Criterion } from "./claim";

const criteria: readonly Criterion[] = ["above", "below", "within", "faster"];

const text = z.string({ error: "give text" }).min(1, "give text");
const number = z.number({ error: "give a number" });
const version = z.literal(1, { error: "use the version of lib that wrote it" });
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()], { error: "give a plain value" });
const options = z.record(z.string(), plain, { error: "give names with plain values" });

/** One of some words. */
const word = <T extends string>(known: readonly T[]) =>
  z.enum(known as readonly [T, ...T[]], {
    error: ({ input }) => (typeof input === "string" ? didYouMean(input, known) : `give ${known.join(", ")}`),
  });

const pattern = z.strictObject(
  { method: text, options: options.optional(), request: options.optional() },
  { error: "give a method, and options or a request" },
);

/** A ratio needs two rows and a factor, and nothing is within a distance of 0. */
const test = z
  .strictObject({
    ...{ view: text, subject: pattern, against: pattern.optional(), metric: text, holds: word(criteria) },
    where: z.strictObject({ request: text }).optional(),
    bound: number,
  })
  .superRefine(({ holds, against, metric, bound }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (holds === "faster" && against === undefined) refuse("against", "say what it is faster than");
    if (holds === "faster" && metric !== "seconds") refuse("metric", '"faster" is of "seconds" alone');
    if ((holds === "faster" || holds === "within") && bound <= 0) refuse("bound", "give a number above 0");
  });

const claim = z.strictObject({
  ...{ id: text, paper: text, claim: text, source: text, reading: text },
  tests: z.array(test, { error: "give a list" }).min(1, "give one test or more"),
});

const claimsFile = z.strictObject({
  version,
  about: z.array(text, { error: "give a list" }),
  claims: z.array(claim, { error: "give a list" }),
  ours: z.array(z.strictObject({ id: text, claim: text, view: text, bound: number }), { error: "give a list" }),
});

/** @param ids of the claims there are */
const remarksFile = (ids: readonly string[]) =>
  z.strictObject({
    ...{ version, about: text },
    remarks: z.array(z.strictObject({ claim: word(ids), text }), { error: "give a list" }),
  });

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
  const { about, claims, ours } = parsedBy(claimsFile, await jsonOf(path), path, InvalidDataError);
  requireDifferent([...claims, ...ours], path);
  return { about, claims, ours };
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
  return parsedBy(remarksFile(ids), await jsonOf(path), path, InvalidDataError).remarks;
}

async function jsonOf(path: string): Promise<unknown> {
  const content = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new NotFoundError("there is no such file", {
      where: path,
      remedy: "call it in a checkout, or name a file",
      cause,
    });
  });
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new InvalidDataError("this is no JSON", { where: path, remedy: "restore it with git checkout", cause });
  }
}

function requireDifferent(claims: readonly { readonly id: string }[], where: string): void {
  const ids = claims.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new InvalidDataError(`two claims have the id "${twice}"`, { where, remedy: "rename one of them" });
}
