import type { NetworkOperations } from "../operations";
import type { SimdModule } from "./module";

export function simdNetwork({ wasm, at }: SimdModule): NetworkOperations {
  return {
    softmaxCrossEntropy(logits, labels, weights, losses, gradient) {
      const [rows, classes] = [labels.length, logits.length / labels.length];
      wasm.softmaxCrossEntropy(at(logits), at(labels), at(weights), rows, classes, at(losses), at(gradient));
    },
    gruForward({ fromInput, fromState, state, gates, width }, out) {
      const rows = state.length / width;
      wasm.gruForward(at(fromInput), at(fromState), at(state), at(gates), rows, width, at(out));
    },
    gruBackward({ fromState, state, gates, width }, gradient, out) {
      const inputs = [at(fromState), at(state), at(gates), at(gradient), state.length / width, width];
      wasm.gruBackward(...inputs, at(out.fromInput), at(out.fromState), at(out.state));
    },
    layerNorm({ x, gain, mean, inverseDeviation }, bias, epsilon, out) {
      const [rows, width] = [mean.length, gain.length];
      wasm.layerNorm(at(x), at(gain), at(bias), rows, width, epsilon, at(mean), at(inverseDeviation), at(out));
    },
    layerNormGradient({ x, gain, mean, inverseDeviation }, gradient, outX, outGain, outBias) {
      outGain.fill(0);
      outBias.fill(0);
      const inputs = [at(x), at(gain), at(mean), at(inverseDeviation), at(gradient), mean.length, gain.length];
      wasm.layerNormGradient(...inputs, at(outX), at(outGain), at(outBias));
    },
  };
}
