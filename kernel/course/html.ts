import { escapeHtml } from "recsys-unlearning/core";

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #d0d7de; vertical-align: top; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; font-size: .85rem; }
.total { font-size: 1.6rem; font-weight: 600; }
.code, .text { margin: .8rem 0; padding: .2rem .8rem; }
.code { background: #f6f8fa; border-left: 3px solid #8c959f; }
.output { color: #424a53; border-top: 1px solid #d0d7de; padding-top: .3rem; }
.error { color: #a40e26; }
.remark { background: #fff8c5; border-left: 3px solid #bf8700; padding: .4rem .8rem; margin: .4rem 0; }
img { max-width: min(100%, 36rem); }
math { font-size: 1.15em; }
math[display="block"] { margin: .6rem 0; overflow-x: auto; }
.text h1 { font-size: 1.5rem; }
.text h2 { font-size: 1.25rem; }
.number { text-align: right; }
.points { white-space: nowrap; }
.bar { background: #0969da; height: .9rem; display: inline-block; }
@media screen { .output { max-height: 24rem; overflow-y: auto; } }
`;

/** A page that runs nothing and loads nothing. @param parts its body, as HTML */
export function page(title: string, parts: readonly string[]): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${parts.join("\n")}
</body>
</html>
`;
}

/** Points as people write them. */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}
