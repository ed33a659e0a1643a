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
