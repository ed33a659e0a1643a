/// <reference types="long" preserve="true" />
import type * as tfjs from "@tensorflow/tfjs-core";
import type * as chained from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";

/** What the tensor library is, as a type: TensorFlow.js's core, and what makes `a.add(b)` of `tf.add(a, b)`. */
export type TensorLibrary = typeof tfjs & typeof chained;
