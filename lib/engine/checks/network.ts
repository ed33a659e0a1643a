import { requireNumber } from "../../core";
import type { GruStep, LayerNorm, NetworkOperations, RawOperations } from "../operations";
import { requireIds, requireLength, rowsOf } from "./require";

/** The operations of neural networks behind checks of their shapes and ids. */
export function checkNetwork(raw: RawOperations): NetworkOperations {
  function requireStep(operation: string, step: GruStep): void {
    const size = rowsOf(operation, "state", step.state, step.width) * step.width;
    for (const name of ["fromInput", "fromState", "gates"] as const)
      requireLength(operation, name, step[name], 3 * size);
  }

  function requireNorm(operation: string, { x, gain, mean, inverseDeviation }: LayerNorm): void {
    const rows = rowsOf(operation, "x", x, gain.length);
    requireLength(operation, "mean", mean, rows);
    requireLength(operation, "inverseDeviation", inverseDeviation, rows);
  }

  return {
    softmaxCrossEntropy(logits, labels, weights, losses, gradient) {
      const operation = "softmaxCrossEntropy";
      for (const [name, array] of Object.entries({ weights, losses }))
        requireLength(operation, name, array, labels.length);
      requireLength(operation, "gradient", gradient, logits.length);
      if (labels.length === 0) return requireLength(operation, "logits", logits, 0);
      const classes = logits.length / labels.length;
      requireNumber(`${operation} logits per label`, classes, { min: 1, integer: true });
      requireIds(raw, operation, "labels", labels, classes);
      raw.softmaxCrossEntropy(logits, labels, weights, losses, gradient);
    },
    gruForward(step, out) {
      requireStep("gruForward", step);
      requireLength("gruForward", "out", out, step.state.length);
      raw.gruForward(step, out);
    },
    gruBackward(step, gradient, out) {
      requireStep("gruBackward", step);
      requireLength("gruBackward", "gradient", gradient, step.state.length);
      requireLength("gruBackward", "out.state", out.state, step.state.length);
      for (const name of ["fromInput", "fromState"] as const)
        requireLength("gruBackward", `out.${name}`, out[name], step.gates.length);
      raw.gruBackward(step, gradient, out);
    },
    layerNorm(norm, bias, epsilon, out) {
      requireNorm("layerNorm", norm);
      requireLength("layerNorm", "bias", bias, norm.gain.length);
      requireLength("layerNorm", "out", out, norm.x.length);
      raw.layerNorm(norm, bias, epsilon, out);
    },
    layerNormGradient(norm, gradient, outX, outGain, outBias) {
      requireNorm("layerNormGradient", norm);
      for (const [name, array] of Object.entries({ gradient, outX }))
        requireLength("layerNormGradient", name, array, norm.x.length);
      for (const [name, array] of Object.entries({ outGain, outBias }))
        requireLength("layerNormGradient", name, array, norm.gain.length);
      raw.layerNormGradient(norm, gradient, outX, outGain, outBias);
    },
  };
}
