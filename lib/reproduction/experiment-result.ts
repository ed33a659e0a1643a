import { engineName } from "../engine";
import { type ExperimentResult, type ResultOptions, viewResult } from "../experiments";
import { builtInParts } from "./built-in-parts";
import { viewNamed } from "./views";

/**
 * The result of one of the papers' experiments: from the run store, else from the kept records, else (if asked)
 * computed here.
 *
 * @param name of a view, such as `"ifru-accuracy"`
 * @throws NotFoundError for a name that does not exist
 * @throws RecsysError when a run that is computed fails
 * @example
 * const { summary } = await experimentResult("ifru-accuracy"); // from kept records; nothing is trained
 */
export function experimentResult(name: string, options: ResultOptions = {}): Promise<ExperimentResult> {
  return viewResult(viewNamed(name), builtInParts, engineName(), options);
}
