// A process that draws views one after another: its parent sends a job and is sent what became of it.
import { redirectAnnouncements } from "../core";
import { type DrawJob, drawJob, type DrawReport } from "./draw-view";

/** What a worker sends. */
export type FiguresNews =
  | { readonly kind: "announcement"; readonly line: string }
  | { readonly kind: "drawn"; readonly reports: readonly DrawReport[] }
  | { readonly kind: "failed"; readonly problem: string };

const send = (news: FiguresNews) => process.send?.(news);

redirectAnnouncements((line) => send({ kind: "announcement", line }));
process.on("message", (job: DrawJob) => {
  drawJob(job).then(
    (reports) => send({ kind: "drawn", reports }),
    (error: unknown) => send({ kind: "failed", problem: (error as Error).message }),
  );
});
process.on("disconnect", () => process.exit()); // the parent is gone
process.on("SIGINT", () => undefined); // the parent decides
