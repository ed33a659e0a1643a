import ts from "@tslab/typescript-for-tslab";
import { type Content, protocolVersion } from "../protocol/message";

/** The content of `kernel_info_reply`. */
export function kernelInfo(version: string): Content {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "recsys-unlearning",
    implementation_version: version,
    banner: `recsys-unlearning ${version}: TypeScript ${ts.version} on Node ${process.version}`,
    language_info: {
      name: "typescript",
      version: ts.version,
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
