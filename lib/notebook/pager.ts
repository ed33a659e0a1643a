import { notebookChannel } from "../core";
import { bundleOf } from "./display";

/**
 * Shows a value in the client's pager, beside the notebook instead of in it. Jupyter's console has one; other clients
 * show it below the cell. Outside this project's kernel its text is printed.
 *
 * @example page(await readFile("notes.txt", "utf8"));
 */
export function page(value: unknown): void {
  const bundle = bundleOf(value);
  const channel = notebookChannel();
  if (channel === undefined) console.log(bundle.data["text/plain"]);
  else channel.page(bundle);
}

/**
 * Removes what the running cell has shown so far. Outside this project's kernel it does nothing.
 *
 * @example
 * for (const state of ["first", "second"]) {
 *   clearOutput({ wait: true });
 *   display(state);
 * }
 *
 * @param options `wait`: not before something new is shown, so that nothing flickers (default false)
 */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  notebookChannel()?.clear(options.wait === true);
}
