import { readFileSync } from "node:fs";

/** What a connection file tells kernel and client. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

export type ChannelName = "shell" | "iopub" | "stdin" | "control" | "hb";

/** The ZeroMQ address of one channel. */
export function channelAddress(connection: ConnectionInfo, channel: ChannelName): string {
  const port = connection[`${channel}_port`];
  return `${connection.transport}://${connection.ip}${connection.transport === "ipc" ? "-" : ":"}${port}`;
}

/** How the folders begin that our own client makes, each for one kernel. */
export const runtimeFolderPrefix = "recsys-kernel-";

/** Reads a connection file. @throws Error for another signature scheme than HMAC with SHA-256 */
export function readConnection(path: string): ConnectionInfo {
  const connection = JSON.parse(readFileSync(path, "utf8")) as ConnectionInfo;
  if (connection.signature_scheme !== "hmac-sha256")
    throw new Error(`${path} asks for the signature scheme ${connection.signature_scheme}; only hmac-sha256 is known`);
  return connection;
}
