import { type Graph, GraphBuilder } from "./graph.ts";

/** Expansion, output channels, repeats and first stride of each stage: table 2 of the paper. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * MobileNetV2 of width 1.0 with 1000 classes (M. Sandler et al., 2018), layer by layer as in torchvision.
 *
 * @param side Height and width of the image, pixels.
 */
export function mobilenetV2(side: number): Graph {
  const builder = new GraphBuilder();
  const zero = builder.constant(0), six = builder.constant(6);
  const relu6 = (x: string) => builder.node("Clip", [x, zero, six]);

  let x = relu6(builder.convolution("input", { from: 3, to: 32, kernel: 3, stride: 2 }));
  let channels = 32;
  for (const [expansion, to, repeats, firstStride] of STAGES) {
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      const wide = channels * expansion;
      const expanded = expansion === 1 ? x : relu6(builder.convolution(x, { from: channels, to: wide, kernel: 1 }));
      const filtered = relu6(
        builder.convolution(expanded, { from: wide, to: wide, kernel: 3, stride, groups: wide }),
      );
      const projected = builder.convolution(filtered, { from: wide, to, kernel: 1, gain: 0.5 });
      x = stride === 1 && channels === to ? builder.node("Add", [x, projected]) : projected;
      channels = to;
    }
  }
  x = relu6(builder.convolution(x, { from: channels, to: 1280, kernel: 1 }));
  const pooled = builder.node("Flatten", [builder.node("GlobalAveragePool", [x])]);
  return builder.build(
    "mobilenet_v2",
    [{ name: "input", elementType: "float32", shape: ["batch", 3, side, side] }],
    builder.linear(pooled, 1280, 1000),
    { name: "logits", elementType: "float32", shape: ["batch", 1000] },
  );
}
