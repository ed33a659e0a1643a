// An error in the place of a result.
import { type MimeBundle, notebookChannel, RecsysError, visibleLines } from "../../core";
import { Html, html } from "../html";

/** What is shown instead of a result that could not be had. */
export function errorBundle(error: unknown): MimeBundle {
  const text = visibleLines(textOf(error));
  const lines = text.split("\n").map((line, i) => html`${i === 0 ? html`` : new Html("\n")}${line}`);
  // The page's own colour of text: no red is legible on a light and a dark ground alike.
  const style = "border-left: 4px solid #d32f2f; padding-left: 0.6em; white-space: pre-wrap";
  const markup = html`<pre style="${style}">${lines}</pre>`.markup;
  return { data: { "text/html": markup, "text/plain": text }, metadata: {} };
}

/** Frames of this folder: between the computation and the kernel nobody looks for a mistake. */
const ownFrame = /^\s+at .*\bnotebook[\\/]controls[\\/]/;

/** The error as a cell would show it, if the kernel can tell. */
function textOf(error: unknown): string {
  const described = notebookChannel()?.describe(error);
  if (described !== undefined && !(error instanceof RecsysError))
    return described.split("\n").filter((line) => !ownFrame.test(line)).join("\n"); // prettier-ignore
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
