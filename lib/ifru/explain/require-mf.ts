import { InvalidArgumentError } from "../../core";
import { Mf } from "../../models";

/**
 * Refuses a model whose rows are not held by one user and one item alone: the blocks of these two would give numbers
 * for a LightGCN, too, and wrong ones.
 *
 * @param instead what serves for other models
 * @throws InvalidArgumentError for a model that is no matrix factorisation
 */
export function requireMf(where: string, model: Mf, instead: string): void {
  if (model instanceof Mf) return;
  const { kind } = model as { readonly kind?: unknown };
  throw new InvalidArgumentError(
    `it exists for matrix factorisation only, and this is a model of kind ${String(kind)}`,
    {
      where,
      remedy: `pass an Mf; ${instead}`,
    },
  );
}
