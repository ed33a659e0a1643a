import { InvalidArgumentError } from "../core";

/**
 * Tables of parts as one.
 *
 * @param kind what they are, such as `"methods"`, for the error
 * @throws InvalidArgumentError for a name that two of them have: one part would take the place of the other unnoticed
 */
export function joined<P>(
  kind: string,
  ...tables: readonly Readonly<Record<string, P>>[]
): Readonly<Record<string, P>> {
  const all: Record<string, P> = {};
  for (const table of tables)
    for (const [name, part] of Object.entries(table)) {
      if (Object.hasOwn(all, name))
        throw new InvalidArgumentError(`two ${kind} have the name "${name}"`, {
          where: "built-in parts",
          remedy: "give one of them another name: runs, records and --only know parts by their names",
        });
      all[name] = part;
    }
  return all;
}
