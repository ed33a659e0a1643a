import { inspect, types } from "node:util";
import { displayBundle, type MimeBundle, type MimeData, visibleText } from "../core";
import { overview } from "./overview";

/** What tslab's Jupyter module lets a cell's code do, while a cell runs. */
interface JupyterModule {
  readonly lastWriteDisplayData:
    ((content: MimeBundle & { readonly transient: Readonly<Record<string, unknown>> }, update: boolean) => void) | null;
}

/**
 * The kernel's way to send a display message, or `undefined` outside a kernel. The kernel (ours and plain tslab alike)
 * has tslab's module loaded already; nothing is loaded here, which would pull in a compiler.
 */
function kernelDisplay(): NonNullable<JupyterModule["lastWriteDisplayData"]> | undefined {
  for (const [path, loaded] of Object.entries(require.cache))
    if (/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path))
      return (loaded?.exports as JupyterModule).lastWriteDisplayData ?? undefined;
  return undefined;
}

/**
 * How to show a value: its own way if it has one, else by what is known of it (`overview`), else as text.
 *
 * @example
 * const { data } = bundleOf(model);
 * data["text/plain"]; // as it would show itself
 */
export function bundleOf(value: unknown): MimeBundle {
  const own = displayBundle(value) ?? displayBundle(overview(value));
  if (own !== undefined) return own;
  const text = typeof value === "string" ? visibleLines(value) : inspect(value, { depth: 4, maxArrayLength: 60 });
  return { data: { "text/plain": text }, metadata: {} };
}

/** Where this project's kernel leaves its way to show a value. */
const kernelShow = Symbol.for("recsys-unlearning.show");

/**
 * Shows a value in the running cell's output as it would show itself at the end of the cell; outside a kernel prints
 * its text. In another kernel than this project's (plain tslab) only what shows itself at once is known.
 *
 * @example
 * display(split);
 * display("and below it a text");
 */
export function display(value: unknown): void {
  const show = (globalThis as { [kernelShow]?: (value: unknown) => void })[kernelShow];
  if (show !== undefined) return show(value);
  const { data, metadata } = bundleOf(value);
  // What awaits something to show itself (`interact`) is shown when it is there.
  if (types.isPromise(data)) return void data.then((awaited) => send({ data: awaited as MimeData, metadata }));
  send({ data, metadata });
}

function send({ data, metadata }: MimeBundle): void {
  const way = kernelDisplay();
  if (way !== undefined) way({ data, metadata, transient: {} }, false);
  else console.log(data["text/plain"]);
}

function visibleLines(text: string): string {
  return text.split("\n").map(visibleText).join("\n");
}
