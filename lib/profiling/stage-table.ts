import { type Measured, Table, type TableRow } from "../tables";
import type { StageTimes } from "./stages";

/** What one kind of process did: all that ran the same script. */
export interface ProcessTimes {
  /** The script's name; `null` for the cell that asked. */
  readonly process: string | null;
  /** How many ran it. */
  readonly count: number;
  readonly times: StageTimes;
}

/** Stages below this share of all are one row. */
const leastShare = 0.01;

type StageRow = TableRow & { readonly seconds: Exclude<TableRow[string], Measured> };

/**
 * Where the processor's time went, as a table.
 *
 * @param label what was profiled
 */
export function stageTable(label: string, processes: readonly ProcessTimes[]): Table {
  const secondsOf = ({ times }: ProcessTimes) => times.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  const total = processes.reduce((sum, one) => sum + secondsOf(one), 0);
  const rows = processes.flatMap((one) => rowsOf(one, total));
  const waiting = processes.reduce((sum, { times }) => sum + times.waiting, 0);
  const inCell = processes.every(({ process }) => process === null);
  return new Table({
    caption: `Where the time of ${label} went`,
    rows,
    columns: [
      ...(inCell ? [] : [{ key: "process" }]),
      { key: "stage" },
      { key: "seconds", unit: "s", format: { decimals: 2 } },
      { key: "share", format: { percent: 1 } },
      { key: "wasm", label: "in WebAssembly", unit: "s", format: { decimals: 2 } },
      { key: "hottest", label: "hottest function" },
    ],
    note: `${total.toFixed(2)} s of the processor, sampled; ${waiting.toFixed(1)} s of waiting are not in it.`,
  });
}

function rowsOf({ process, count, times }: ProcessTimes, total: number): StageRow[] {
  const name = process === null || count === 1 ? process : `${process} (${count})`;
  const row = (stage: string, seconds: number, wasm: number, hottest: string): StageRow => ({
    ...{ process: name, stage, seconds, share: total === 0 ? null : seconds / total },
    ...{ wasm: wasm === 0 ? null : wasm, hottest },
  });
  const isLarge = (seconds: number) => seconds >= leastShare * total;
  const small = times.stages.filter(({ seconds }) => !isLarge(seconds));
  const rest = small.reduce((sum, { seconds }) => sum + seconds, 0);
  const restWasm = small.reduce((sum, { wasmSeconds }) => sum + wasmSeconds, 0);
  return [
    ...times.stages
      .filter(({ seconds }) => isLarge(seconds))
      .map(({ stage, seconds, wasmSeconds, hottest }) => row(stage, seconds, wasmSeconds, hottest)),
    ...(small.length === 0 ? [] : [row(`${small.length} more`, rest, restWasm, small[0].hottest)]),
  ];
}
