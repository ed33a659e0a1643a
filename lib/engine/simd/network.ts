import type { NetworkOperations } from "../operations";
import type { SimdModule } from "./module";

export function simdNetwork({ wasm, at, divide }: SimdModule): NetworkOperations {
  return {
    softmaxCrossEntropy(logits, labels, weights, losses, gradient) {
      const [rows, classes] = [labels.length, logits.length / labels.length];
      const [x, label, weight, loss, out] = [logits, labels, weights, losses, gradient].map(at);
      divide({
        ...{ operation: "softmaxCrossEntropy", count: rows, cost: classes },
        arguments(from, count) {
          const [row, one] = [4 * classes * from, 4 * from];
          return [x + row, label + one, weight + one, count, classes, loss + one, out + row];
        },
      });
    },
    gruForward({ fromInput, fromState, state, gates, width }, out) {
      const [i, s, h, g, to] = [fromInput, fromState, state, gates, out].map(at);
      divide({
        ...{ operation: "gruForward", count: state.length / width, cost: 5 * width },
        arguments(from, count) {
          const row = 4 * width * from;
          return [i + 3 * row, s + 3 * row, h + row, g + 3 * row, count, width, to + row];
        },
      });
    },
    gruBackward({ fromState, state, gates, width }, gradient, out) {
      const [s, h, g, d] = [fromState, state, gates, gradient].map(at);
      const [outI, outS, outH] = [out.fromInput, out.fromState, out.state].map(at);
      divide({
        ...{ operation: "gruBackward", count: state.length / width, cost: 3 * width },
        arguments(from, count) {
          const row = 4 * width * from;
          const inputs = [s + 3 * row, h + row, g + 3 * row, d + row, count, width];
          return [...inputs, outI + 3 * row, outS + 3 * row, outH + row];
        },
      });
    },
    layerNorm({ x, gain, mean, inverseDeviation }, bias, epsilon, out) {
      const [rows, width] = [mean.length, gain.length];
      const [of, gains, biases, means, inverses, to] = [x, gain, bias, mean, inverseDeviation, out].map(at);
      divide({
        ...{ operation: "layerNorm", count: rows, unit: 4, cost: 0.6 * width },
        arguments(from, count) {
          const [row, one] = [4 * width * from, 4 * from];
          return [of + row, gains, biases, count, width, epsilon, means + one, inverses + one, to + row];
        },
      });
    },
    layerNormGradient({ x, gain, mean, inverseDeviation }, gradient, outX, outGain, outBias) {
      outGain.fill(0);
      outBias.fill(0);
      const inputs = [at(x), at(gain), at(mean), at(inverseDeviation), at(gradient), mean.length, gain.length];
      wasm.layerNormGradient(...inputs, at(outX), at(outGain), at(outBias));
    },
  };
}
