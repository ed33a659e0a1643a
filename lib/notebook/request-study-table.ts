import { type Table, table } from "../tables";
import type { RequestStudy } from "./request-study";

const methodNames = {
  original: "Original",
  retrain: "Retrain",
  "ifru-principled": "IFRU (principled)",
  "ifru-paper": "IFRU (paper)",
} as const;

const requestNames = { interaction: "one interaction", user: "one user", "2%": "2 % of the rows" } as const;

/**
 * A study as a table: one row for each size of request and method.
 *
 * @example
 * const study = await readFile("figures/start-here/result.json", "utf8"); // as the first notebook keeps it
 * requestStudyTable(JSON.parse(study)).toMarkdown();
 */
export function requestStudyTable(study: RequestStudy): Table {
  return table({
    columns: [
      { key: "request", label: "to forget" },
      { key: "method" },
      { key: "all", label: "test AUC: all", format: { decimals: 4 } },
      { key: "or", format: { decimals: 4 } },
      { key: "and", format: { decimals: 4 } },
      { key: "forgetAuc", label: "forget AUC", format: { decimals: 3 } },
      { key: "seconds", unit: "s", format: { significant: 3 } },
      { key: "speedup", label: "speed-up", format: { significant: 3 } },
      { key: "products", label: "Hv products", format: { significant: 3 } },
      { key: "incidentRows", label: "incident rows", format: { decimals: 0 } },
    ],
    rows: study.rows.map((row) => ({
      request: requestNames[row.request],
      method: methodNames[row.method],
      ...row.auc,
      forgetAuc: row.forgetAuc,
      seconds: row.seconds,
      speedup: row.speedup,
      products: row.hessianVectorProducts,
      incidentRows: row.incidentRows,
    })),
    caption: `IFRU and retraining on ${study.dataset} (engine ${study.engine}, seed ${study.seed})`,
    label: "tab:start-here",
  });
}

/**
 * Where the seconds of a study went: one column for each stage of any method.
 *
 * @example
 * const study = await readFile("figures/start-here/result.json", "utf8"); // as the first notebook keeps it
 * requestStageTable(JSON.parse(study)).toMarkdown();
 */
export function requestStageTable(study: RequestStudy): Table {
  const stages = [...new Set(study.rows.flatMap((row) => Object.keys(row.secondsByStage)))];
  return table({
    columns: [
      { key: "request", label: "to forget" },
      { key: "method" },
      ...stages.map((key) => ({ key, unit: "s", format: { significant: 2 } })),
    ],
    rows: study.rows.map((row) => ({
      request: requestNames[row.request],
      method: methodNames[row.method],
      ...Object.fromEntries(stages.map((stage) => [stage, row.secondsByStage[stage] ?? null])),
    })),
    caption: "Seconds by stage (medians)",
    label: "tab:start-here-stages",
  });
}
