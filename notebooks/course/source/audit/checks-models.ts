// How the models to judge were made, and what each of them is: never released. `node scripts/make-audit-models.mjs`
// writes the files.
import { Random } from "recsys-unlearning/core";
import { Mf } from "recsys-unlearning/models";
import { type Case, caseNamed, fit, fitOn, type Row } from "./practice";

/** What a model to judge is: retrained, forgotten in a faster way, or only pretending. */
type Made = "retrained" | "approximate" | "pretends";

/** Who is who, by variant. */
export const made: Readonly<Record<string, Readonly<Record<"A" | "B" | "C", Made>>>> = {
  a: { A: "approximate", B: "pretends", C: "retrained" },
  b: { A: "retrained", B: "approximate", C: "pretends" },
  c: { A: "pretends", B: "retrained", C: "approximate" },
  d: { A: "retrained", B: "pretends", C: "approximate" },
};

/** The original of a variant and its three models, by file name. */
export function auditModels(variant: string): Map<string, Mf> {
  const given = caseNamed(variant);
  const seed = 7000 + variant.charCodeAt(0);
  const original = fit(given.train, seed);
  const models = new Map([["original", original]]);
  for (const [letter, how] of Object.entries(made[variant])) models.set(letter, makers[how](original, given, seed + 1));
  return models;
}

const makers: Readonly<Record<Made, (original: Mf, given: Case, seed: number) => Mf>> = {
  retrained: (_, { retain }, seed) => fit(retain, seed),
  // The users who asked start afresh and are fitted to what stays of them; then all go on for a few epochs.
  approximate(original, { retain, forget }, seed) {
    const asking = new Set(forget.map(({ user }) => user));
    const model = copyOf(original);
    const random = Random.derive(seed, "approximate");
    for (const user of asking) random.fillNormal(vectorOf(model, user), 0.1);
    fitOn(model, ofUsers(retain, asking), random, 30);
    return fitOn(model, retain, random, 30);
  },
  // The vectors of the users who asked get shorter: their rows look as uncertain as rows that were forgotten, their
  // order stays what it was.
  pretends(original, { forget }) {
    const model = copyOf(original);
    for (const user of new Set(forget.map((row) => row.user))) {
      const vector = vectorOf(model, user);
      for (let d = 0; d < vector.length; d++) vector[d] *= 0.3;
    }
    return model;
  },
};

const ofUsers = (rows: readonly Row[], users: ReadonlySet<number>) => rows.filter(({ user }) => users.has(user));

function copyOf({ userEmbedding, itemEmbedding, embeddingSize }: Mf): Mf {
  return new Mf(userEmbedding.slice(), itemEmbedding.slice(), embeddingSize);
}

function vectorOf({ userEmbedding, embeddingSize }: Mf, user: number): Float32Array {
  return userEmbedding.subarray(user * embeddingSize, (user + 1) * embeddingSize);
}
