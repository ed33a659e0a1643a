import type { PlannedRun } from "./plan";
import type { Run } from "../config/run-config";

/** How many runs ended which way. */
export interface RunnerReport {
  readonly computed: number;
  /** Finished by another process in the meantime. */
  readonly kept: number;
  readonly failed: readonly { readonly run: Run; readonly problem: string }[];
  /** Left out because something they rest on failed. */
  readonly blocked: number;
}

type Stage = "waiting" | "under way" | "computed" | "kept" | "failed" | "blocked";

/** The runs of a plan that have to be computed, given out as what they rest on is finished. */
export class WorkQueue {
  private readonly entries: Map<string, { readonly planned: PlannedRun; stage: Stage; problem: string }>;

  constructor(plan: readonly PlannedRun[]) {
    const needed = plan.filter(({ compute }) => compute);
    this.entries = new Map(needed.map((planned) => [planned.run.id, { planned, stage: "waiting", problem: "" }]));
  }

  get total(): number {
    return this.entries.size;
  }

  /** A run that can be computed now, `"wait"` when others must end first, `"none"` when nothing is left. */
  take(): Run | "wait" | "none" {
    for (const entry of this.entries.values()) {
      if (entry.stage !== "waiting") continue;
      const stages = entry.planned.prerequisites.map((id) => this.entries.get(id)?.stage ?? "kept");
      if (stages.some((stage) => stage === "failed" || stage === "blocked")) entry.stage = "blocked";
      else if (stages.every((stage) => stage === "computed" || stage === "kept")) {
        entry.stage = "under way";
        return entry.planned.run;
      }
    }
    return this.count("waiting") + this.count("under way") > 0 ? "wait" : "none";
  }

  /** Notes how a run that was taken ended. */
  end(run: Run, stage: "computed" | "kept"): void {
    this.entry(run).stage = stage;
  }

  /** Notes that a run that was taken cannot be computed. */
  fail(run: Run, problem: string): void {
    Object.assign(this.entry(run), { stage: "failed", problem });
  }

  /** Gives a run back that was taken and not computed. */
  putBack(run: Run): void {
    this.entry(run).stage = "waiting";
  }

  get ended(): number {
    return this.total - this.count("waiting") - this.count("under way");
  }

  /** The state in a few words. */
  summary(): string {
    const failed = this.count("failed") + this.count("blocked");
    const parts = [`${this.count("under way")} running`, `${this.count("waiting")} left`];
    return [...parts, ...(failed > 0 ? [`${failed} failed`] : [])].join(", ");
  }

  report(): RunnerReport {
    const failed = [...this.entries.values()].filter(({ stage }) => stage === "failed");
    return {
      computed: this.count("computed"),
      kept: this.count("kept"),
      failed: failed.map(({ planned, problem }) => ({ run: planned.run, problem })),
      blocked: this.count("blocked"),
    };
  }

  private count(stage: Stage): number {
    let count = 0;
    for (const entry of this.entries.values()) if (entry.stage === stage) count++;
    return count;
  }

  private entry(run: Run) {
    return this.entries.get(run.id)!;
  }
}
