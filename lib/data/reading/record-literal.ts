const token =
  /\s*(?:([{}[\],:()])|[uUbB]?('(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[A-Za-z]+))/y;
const words: Readonly<Record<string, unknown>> = {
  ...{ true: true, True: true, false: false, False: false, null: null, None: null, nan: NaN, NaN },
};
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\n": "" };

/**
 * The value of a record that is written as JSON or as a Python dict (`{u'user': 'a', 'early': True}`). Whole numbers
 * that a double cannot hold stay text, so that ids keep their digits.
 *
 * @throws SyntaxError when it is neither
 */
export function parseLiteral(text: string): unknown {
  const tokens = tokensOf(text);
  const value = valueOf(tokens);
  if (tokens.at < tokens.list.length) throw new SyntaxError("text follows the record");
  return value;
}

interface Tokens {
  readonly list: readonly string[];
  at: number;
}

function tokensOf(text: string): Tokens {
  const list: string[] = [];
  for (token.lastIndex = 0; token.lastIndex < text.trimEnd().length;) {
    const found = token.exec(text);
    if (found === null) throw new SyntaxError("neither JSON nor a Python dict");
    list.push(found[1] ?? found[2] ?? found[3]);
  }
  return { list, at: 0 };
}

function valueOf(tokens: Tokens): unknown {
  const found = tokens.list[tokens.at++];
  if (found === "{") return objectOf(tokens);
  if (found === "[" || found === "(") return listOf(tokens, found === "[" ? "]" : ")");
  if (found === undefined) throw new SyntaxError("the record is cut off");
  if (found.startsWith("'") || found.startsWith('"')) return unquoted(found);
  if (Object.hasOwn(words, found)) return words[found];
  const number = Number(found);
  if (Number.isNaN(number)) throw new SyntaxError(`"${found}" is no value`);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? found : number;
}

function objectOf(tokens: Tokens): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  while (tokens.list[tokens.at] !== "}") {
    const name = valueOf(tokens);
    if (tokens.list[tokens.at++] !== ":") throw new SyntaxError("a colon is missing");
    entries.push([String(name), valueOf(tokens)]);
    if (tokens.list[tokens.at] === ",") tokens.at++;
  }
  tokens.at++;
  return Object.fromEntries(entries);
}

function listOf(tokens: Tokens, end: string): unknown[] {
  const values: unknown[] = [];
  while (tokens.list[tokens.at] !== end) {
    values.push(valueOf(tokens));
    if (tokens.list[tokens.at] === ",") tokens.at++;
  }
  tokens.at++;
  return values;
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^])/g, (_, code: string) =>
      /^[ux]./.test(code) ? String.fromCharCode(parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
    );
}
