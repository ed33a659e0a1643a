import { didYouMean, NotFoundError } from "../../core";
import type { View } from "../view";
import { ifruAccuracy } from "./ifru-accuracy";
import { ifruTime } from "./ifru-time";

/** Every view, by name. A new one is a file here and a line below. */
export const views: Readonly<Record<string, View>> = Object.fromEntries(
  [ifruAccuracy, ifruTime].map((view) => [view.name, view]),
);

/** @throws NotFoundError for a view that does not exist, naming the nearest */
export function viewNamed(name: string): View {
  if (Object.hasOwn(views, name)) return views[name];
  throw new NotFoundError(`no experiment "${name}"`, { remedy: didYouMean(name, Object.keys(views)) });
}
