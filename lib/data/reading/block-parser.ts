import type { EncodingEvidence } from "./encoding-evidence";
import type { LayoutFacts } from "./file-layout";
import { namesUserAndItem } from "./column-names";
import { LineParser } from "./line-parser";
import { NamedRows } from "./named-rows";
import type { ReadSettings } from "./read-options";
import type { CollectedRows, RowCollector } from "./row-collector";

/** Blocks that the columns are found from. */
const sampleSize = 200;
const field = /^([A-Za-z][\w./ -]{0,60}):(?: (.*))?$/;

interface Block {
  readonly values: Record<string, string>;
  readonly line: number;
}

/** Whether lines are `name: value`, with a user and an item among the names, which come in turn (SNAP's reviews). */
export function looksLikeBlocks(lines: readonly string[]): boolean {
  const names = lines.map((line) => field.exec(line)?.[1]);
  const second = names.indexOf(names[0], 1);
  if (names[0] === undefined || second < 2) return false;
  const known = names.slice(0, second);
  const inTurn = names[second + 1] === known[1] && names.every((name) => name === undefined || known.includes(name));
  return inTurn && namesUserAndItem(known.flatMap((name) => name ?? []));
}

/** Parses blocks of `name: value` lines, in UTF-8 and chunks of any size. A block begins with the file's first name. */
export class BlockParser {
  private readonly lines: LineParser;
  private rows: RowCollector | undefined;
  private first: string | undefined;
  private block: Block | undefined;
  private held: Block[] = [];
  private named: NamedRows | undefined;

  constructor(
    private readonly where: string,
    private readonly settings: ReadSettings,
  ) {
    this.lines = new LineParser(where, settings, (line, number, rows) => {
      this.rows = rows;
      this.take(line, number);
    });
  }

  get evidence(): EncodingEvidence {
    return this.lines.evidence;
  }

  /** What was found of the file, once it is read. */
  get facts(): LayoutFacts {
    return { format: "blocks of lines, `name: value`", ...this.named?.facts };
  }

  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  /** Ends the file. @throws InvalidDataError for its first malformed row, unless such are dropped */
  finish(): CollectedRows {
    return this.lines.finish(() => {
      this.end();
      this.start();
      if (this.rows !== undefined) this.named?.finish(this.rows);
    });
  }

  private take(line: string, number: number): void {
    const parts = field.exec(line);
    if (parts === null) return; // a value that goes on
    const [, name, value = ""] = parts;
    this.first ??= name;
    if (name === this.first) {
      this.end();
      this.block = { values: {}, line: number };
    }
    if (this.block !== undefined) this.block.values[name] = value;
  }

  private end(): void {
    const { block } = this;
    this.block = undefined;
    if (block === undefined) return;
    if (this.named !== undefined) this.named.add(block.values, block.line, this.rows!);
    else if (this.held.push(block) === sampleSize) this.start();
  }

  private start(): void {
    if (this.named !== undefined || this.held.length === 0) return;
    const sample = this.held.map(({ values }) => values);
    this.named = new NamedRows(sample, this.settings, `${this.where}:${this.held[0].line}`);
    for (const { values, line } of this.held) this.named.add(values, line, this.rows!);
    this.held = [];
  }
}
