import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Content, protocolVersion } from "../protocol/message";
import { compilerPath } from "./compiler";

/** The compiler's version, without its code: to load that is half of a start, and a startup snapshot holds it. */
function compilerVersion(): string {
  const manifest = join(dirname(dirname(compilerPath())), "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** The content of `kernel_info_reply`. */
export function kernelInfo(version: string): Content {
  const typescript = compilerVersion();
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "recsys-unlearning",
    implementation_version: version,
    banner: `recsys-unlearning ${version}: TypeScript ${typescript} on Node ${process.version}`,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // The combination that both JupyterLab and the classic notebook colour as TypeScript.
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    help_links: [{ text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" }],
    debugger: false,
  };
}
