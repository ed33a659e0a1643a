import { datasetFiles } from "recsys-unlearning/data";

/** Whether MovieLens-100K is on this machine; if not, that is said. */
export async function hasMovieLens(what: string): Promise<boolean> {
  if ((await datasetFiles("ml-100k")).length > 0) return true;
  console.log(`skipped: ${what} need ml-100k (npm run data -- get ml-100k, or a folder in RECSYS_DATA)`);
  return false;
}
