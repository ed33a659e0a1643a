import { isMeasured, type NumberFormat, type TableColumn, type TableContent, type TableValue } from "./content";

/** How many decimals show two significant digits of a standard deviation; none for 100 and more. */
function noiseDecimals(sd: number): number {
  const rounded = Number(sd.toPrecision(2));
  return Math.max(0, 1 - Math.floor(Math.log10(rounded)));
}

/** The format of each value of a column, and that of the column as a whole. */
export interface Decimals {
  readonly column: NumberFormat | undefined;
  of(value: TableValue | undefined): NumberFormat | undefined;
}

/**
 * The decimals of a column of values: by each value's noise, or so many. A value without noise of its own has the
 * column's, the middle one of those that have. Columns of whole numbers and of percents stay as they are.
 */
export function decimalsOf(table: TableContent, column: TableColumn, decimals: "noise" | number): Decimals {
  const { format } = column;
  const isFixed = format !== undefined && ("percent" in format || ("decimals" in format && format.decimals === 0));
  if (isFixed) return { column: format, of: () => format };
  if (decimals !== "noise") return { column: { decimals }, of: () => ({ decimals }) };
  const most = (format !== undefined && "decimals" in format ? format.decimals : 8) + 2;
  const own = (value: TableValue | undefined) => decimalsByNoise(value, most);
  const known = table.rows.flatMap((row) => own(row[column.key]) ?? []).sort((a, b) => a - b);
  const usual =
    known.length === 0 || (format !== undefined && "significant" in format)
      ? undefined
      : known[(known.length - 1) >> 1];
  const whole = usual === undefined ? format : { decimals: usual };
  return {
    column: whole,
    of(value) {
      const noise = own(value);
      return noise === undefined ? whole : { decimals: noise };
    },
  };
}

/** @param most noise that shows in none of so many decimals is none, such as what rounding leaves */
function decimalsByNoise(value: TableValue | undefined, most: number): number | undefined {
  if (!isMeasured(value) || !value.sd || !Number.isFinite(value.sd)) return undefined;
  const decimals = noiseDecimals(value.sd);
  return decimals > most ? undefined : decimals;
}
