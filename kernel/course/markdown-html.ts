import katexPlugin from "@vscode/markdown-it-katex";
import MarkdownIt from "markdown-it";
import { escapeHtml, visibleLines } from "recsys-unlearning/core";

/**
 * Renders a stranger's Markdown. HTML in it is shown as text, links to scripts are none, pictures are those that the
 * text itself holds. Equations become MathML, which browsers draw without fonts or style sheets of ours.
 */
const renderer = new MarkdownIt("default", { html: false, linkify: false }).use(katexPlugin, {
  output: "mathml",
  throwOnError: false,
  trust: false,
  strict: "ignore", // else it warns on the terminal, in the stranger's words
  maxExpand: 1000,
  maxSize: 20,
});

const link = renderer.renderer.rules.link_open;
renderer.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index].attrSet("rel", "noopener noreferrer");
  return link?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options);
};

const picture = renderer.renderer.rules.image;
renderer.renderer.rules.image = (tokens, index, options, env, self) => {
  const token = tokens[index];
  if (picture !== undefined && /^data:image\//i.test(token.attrGet("src") ?? ""))
    return picture(tokens, index, options, env, self);
  return `<em>[picture: ${escapeHtml(token.content)}]</em>`;
};

/** A Markdown cell as harmless HTML; as it is written where that cannot be rendered. */
export function markdownHtml(text: string): string {
  const visible = visibleLines(text);
  try {
    return renderer.render(visible);
  } catch {
    return `<pre>${escapeHtml(visible)}</pre>`;
  }
}
