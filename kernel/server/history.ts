import type { Content } from "../protocol/message";

interface Input {
  readonly count: number;
  readonly code: string;
  /** The text of the value that it showed. */
  output?: string;
}

/** How much of an output is kept. */
const maxOutput = 10_000;

/** The code that ran, by its numbers; of this session only. */
export class History {
  private readonly inputs: Input[] = [];

  add(count: number, code: string): void {
    this.inputs.push({ count, code });
  }

  /** Notes what a cell showed as its value. */
  addOutput(count: number, text: string): void {
    const input = this.inputs.at(-1);
    if (input?.count === count) input.output = text.slice(0, maxOutput);
  }

  /** Content of `history_reply`: of the three kinds of access, sessions other than this one have nothing. */
  reply(request: Content): Content {
    const shown = ({ code, output }: Input) => (request["output"] === true ? [code, output ?? null] : code);
    return { status: "ok", history: this.chosen(request).map((input) => [0, input.count, shown(input)]) };
  }

  private chosen({ hist_access_type, n, start, stop, session, pattern, unique }: Content): Input[] {
    switch (hist_access_type) {
      case "range":
        return session === 0 || session === undefined
          ? this.inputs.filter(({ count }) => count >= Number(start ?? 0) && count < Number(stop ?? Infinity))
          : [];
      case "search": {
        const matching = this.inputs.filter(({ code }) => matches(String(pattern ?? "*"), code));
        const last = new Map(matching.map((input) => [input.code, input]));
        return (unique === true ? [...last.values()] : matching).slice(-Number(n ?? matching.length));
      }
      default:
        return this.inputs.slice(-Number(n ?? this.inputs.length));
    }
  }
}

/** Glob patterns: `*` is anything, `?` one character. */
function matches(pattern: string, code: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`).test(code);
}
