import ts from "@tslab/typescript-for-tslab";

/** One tag of a doc comment, `@throws`, `@example` and the like. */
interface DocTag {
  readonly name: string;
  readonly text: string;
}

/** What a doc comment says. */
export interface DocComment {
  readonly text: string;
  readonly tags: readonly DocTag[];
}

/** The doc comments before a node, which this compiler keeps there and does not declare. */
export function jsDocsOf(node: ts.Node): readonly ts.JSDoc[] {
  return (node as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];
}

/** The doc comment of a declaration; an empty one where it has none. */
export function docCommentOf(node: ts.Node): DocComment {
  const comment = jsDocsOf(node).at(-1);
  if (comment === undefined) return { text: "", tags: [] };
  const tags = (comment.tags ?? []).map((tag) => ({ name: tag.tagName.text, text: textOfTag(tag) }));
  const [text, ...inline] = withoutLinks(comment.comment).split(inlineTag);
  return { text, tags: [...inline.map(asTag), ...tags] };
}

/** In a comment of one line the compiler takes a tag behind a sentence for a part of it. */
const inlineTag = / @(?=(?:throws|param|returns) )/;

function asTag(text: string): DocTag {
  const [name, ...words] = text.split(" ");
  const isNamed = name === "param" && words.length > 1;
  return { name, text: isNamed ? [`\`${words[0]}\``, ...words.slice(1)].join(" ") : words.join(" ") };
}

function textOfTag(tag: ts.JSDocTag): string {
  const text = withoutLinks(tag.comment);
  return ts.isJSDocParameterTag(tag) ? `\`${tag.name.getText()}\` ${text}`.trim() : text;
}

function withoutLinks(comment: ts.JSDocTag["comment"]): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\{@link\s+([^}]+)\}/g, "`$1`").trim();
}

/** What has a point and ends no sentence: initials and shortened words. */
const shortened = /(?:^|[ (])(?:\p{Lu}|e\.g|i\.e|cf|vs|al|etc|Fig|Eq|Sec|No)\.$/u;

/** The first sentence, in one line. */
export function firstSentence(text: string): string {
  const [paragraph] = text.split(/\n\s*\n/);
  const line = paragraph.replace(/\s+/g, " ").trim();
  // A colon ends it only before a list: "Figures without a browser: specifications that …" goes on.
  const ends = [...line.matchAll(/[.?](?= [A-Z`(*-])|:(?= [*-] )/g)].map(({ index }) => line.slice(0, index + 1));
  return ends.find((sentence) => !shortened.test(sentence)) ?? line;
}
