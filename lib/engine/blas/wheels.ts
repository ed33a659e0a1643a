import { EngineError } from "../../core";
import type { Wheel } from "../native/wheel";
import { openBlasVersion } from "./locate";

/** The wheel of a platform: what pip calls it, what its file is called, its checksum, and its place at PyPI. */
type Pinned = readonly [platform: string, file: string, sha256: string, place: string];

const wheels: Readonly<Record<string, Pinned>> = {
  "linux-x64": [
    "manylinux_2_27_x86_64",
    "manylinux_2_27_x86_64.manylinux_2_28_x86_64",
    "5b5df658f32271b3115d845ea91b19bed190591b55d27d9b5399b83071c68ea1",
    "89/d1/e201ef4ff4cb22a30bbba58a6917a1ee097c685b8d8ac0165f66149731bf",
  ],
  "linux-arm64": [
    "manylinux_2_27_aarch64",
    "manylinux_2_27_aarch64.manylinux_2_28_aarch64",
    "b534496a7c5fd69abf7938cbcc3f4fbb8108d9ed99ac9f93db229abd99281b06",
    "4b/b5/6e296b54ac83a0a59d678d295b1695224b2cf1cd67533e0a286d7e216655",
  ],
  "darwin-x64": [
    "macosx_10_9_x86_64",
    "macosx_10_9_x86_64",
    "b6589278b79442ea79567c8e530643be751a1354196d27396f3c7b2369f10c1e",
    "59/ad/b0330d85dd2ab60968bff39b1b9454db3306b965c71b98db201093ba1898",
  ],
  "darwin-arm64": [
    "macosx_11_0_arm64",
    "macosx_11_0_arm64",
    "64619387b7a90a5b062856fdbf8c8788bb0cd2d7da1c866cf568e90c6e93756b",
    "ae/6f/ad1ae888597867ded86175d294658eb84b2881577651b370336ccc7df72a",
  ],
  "win32-x64": [
    "win_amd64",
    "win_amd64",
    "e80cd667c9604f85aee2f0aa2ca547c5fc0f63d97b7b81b4b45401b1f912ff03",
    "ca/42/b9fcec55d931cb928295043872f7e65b7052e65722f55e9a613e6b307cbc",
  ],
};

/** The wheel with OpenBLAS for a platform. @throws EngineError when there is none */
export function openBlasWheel(platform: string = process.platform, arch: string = process.arch): Wheel {
  const pinned = wheels[`${platform}-${arch}`];
  if (pinned === undefined)
    throw new EngineError(`the blas engine has no OpenBLAS for ${platform}-${arch}`, {
      remedy: `keep the wasm engine, which needs nothing; there is one for ${Object.keys(wheels).join(", ")}`,
    });
  const [tag, file, sha256, place] = pinned;
  const name = `scipy_openblas32-${openBlasVersion}-py3-none-${file}.whl`;
  const address = `https://files.pythonhosted.org/packages/${place}/${name}`;
  return { requirement: `scipy-openblas32==${openBlasVersion}`, platforms: [tag], sha256, address };
}
