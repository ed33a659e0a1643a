import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";

/**
 * What the fixture printed when it was written, on Node 20, 22, 24 and 26. A change of numbers that is meant replaces
 * it.
 */
const hashes = {
  data: "cc75a46308fc6c6d80665f2c0291f000939eea57d701c4614479fd85ef8dbfd2",
  mf: "3914b93a847cfb87ab3cbab14f09553aaf5ab98901a011fd3c1ab32033bb7751",
  "mf, IFRU": "84f8cebbf633fa3ccdadec6f8b33fd5b868bfa7e0b35fe0fa1cbeebccf679227",
  lightgcn: "f3d8f6044a8b376a923553be752a666c58628b9634e70cbbc2af5fc0f9841473",
  gru4rec: "481cf058821ed9707044d486e32bd97b5e6cd0bfcfac3f2e45b26e561c715f7d",
};

/** This Node, and those that `RECSYS_NODES` names: paths of binaries, separated as in PATH. */
const others = (process.env["RECSYS_NODES"] ?? "").split(delimiter).filter((path) => path !== "");
const nodes = [process.execPath, ...others].map((path) => {
  const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
  return { version, path };
});

describe("the same seed gives the same bytes", () => {
  it.each(nodes)("on Node $version", ({ path }) => {
    const env = { ...process.env, RECSYS_ENGINE: "wasm" };
    const fixture = inRepository("test", "core", "same-bytes.fixture.mjs");
    const printed = execFileSync(path, [fixture], { env, encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual(hashes);
  });
});
