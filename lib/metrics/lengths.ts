import { InvalidArgumentError } from "../core";

/** @throws InvalidArgumentError when columns that belong together differ in length */
export function requireEqualLength(metric: string, columns: Record<string, { readonly length: number }>): void {
  const lengths = Object.values(columns).map((column) => column.length);
  if (lengths.every((length) => length === lengths[0])) return;
  const listed = Object.entries(columns).map(([name, column]) => `${name} ${column.length}`);
  throw new InvalidArgumentError(`the columns differ in length: ${listed.join(", ")}`, {
    where: metric,
    remedy: "give one value per row in each",
  });
}

/** @throws InvalidArgumentError naming the first value that is NaN or infinite: a test of such values means nothing */
export function requireFinite(where: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) throw notFinite(where, name, i, values[i]);
}

/** @throws InvalidArgumentError naming the first score that is NaN: it has no place in an order */
export function requireOrdered(where: string, scores: ArrayLike<number>): void {
  for (let i = 0; i < scores.length; i++) if (Number.isNaN(scores[i])) throw notFinite(where, "scores", i, scores[i]);
}

function notFinite(where: string, name: string, index: number, value: number): InvalidArgumentError {
  return new InvalidArgumentError(`${name}[${index}] is ${value}`, {
    where,
    remedy: "find where it comes from, such as a model that diverged, and train that with a smaller learning rate",
  });
}
