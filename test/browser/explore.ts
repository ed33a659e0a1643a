import { expect } from "vitest";
import type { Lab } from "./lab";
import type { NotebookPage } from "./notebook-page";

/** A copy of a notebook of notebooks/explore, run to its end without an error; its last cell has come to rest. */
export async function openAndRun(lab: Lab, name: string): Promise<NotebookPage<string>> {
  const notebook = await lab.copy(`notebooks/explore/${name}.ipynb`);
  await notebook.runAll(400_000);
  expect(await notebook.errors()).toEqual([]);
  await notebook.settled(notebook.names[notebook.names.length - 1]);
  return notebook;
}
