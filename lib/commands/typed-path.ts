import { resolve } from "node:path";

/**
 * Where a path that was typed leads: npm runs its scripts in the repository, not where it was called.
 *
 * @param script of package.json that the command is; what another script starts was not called by a person
 */
export function typedPath(script: string, path: string): string {
  const { npm_lifecycle_event: running, INIT_CWD: calledIn } = process.env;
  return running === script && calledIn !== undefined ? resolve(calledIn, path) : resolve(path);
}
